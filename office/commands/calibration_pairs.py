"""Which captures of a calibration are compared with which."""

import numpy as np
import numpy.typing as npt

from office.commands.calibration_labels import Capture
from office.commands.calibration_request import Request

Ints = npt.NDArray[np.intp]


def pairs_of(captures: list[Capture], request: Request) -> Ints:
    """(p, 2) indices of the captures to be compared.

    Those of one sensor with one another; those of different folders too when their subjects are
    known to be different people.
    """
    sensors = np.unique([c.sensor for c in captures], return_inverse=True)[1]
    folders = np.unique([str(c.people) for c in captures], return_inverse=True)[1]
    subjects = subjects_of(captures, request)
    a, b = np.triu_indices(len(captures), 1)
    wanted = sensors[a] == sensors[b]
    if request.strangers_across:
        wanted |= folders[a] != folders[b]
    pairs = np.stack([a[wanted], b[wanted]], axis=1)
    strangers = np.flatnonzero(subjects[pairs[:, 0]] != subjects[pairs[:, 1]])
    if request.most_strangers is None or len(strangers) <= request.most_strangers:
        return pairs
    drawn = len(strangers) - request.most_strangers
    left_out = np.random.default_rng(1).choice(strangers, drawn, replace=False)
    return np.delete(pairs, left_out, axis=0)


def subjects_of(captures: list[Capture], request: Request) -> Ints:
    """(n,) a number for each subject: of its name, within its folder where folders are apart."""
    folder = [f"{c.people}\0" if request.strangers_across else "" for c in captures]
    names = [before + c.subject for before, c in zip(folder, captures, strict=True)]
    return np.unique(names, return_inverse=True)[1].astype(np.intp)
