"""Invented people who turn before a camera, and photographs of them that somebody turns."""

from dataclasses import replace

import cv2
import numpy as np

from hardware.simulation import faces
from hardware.simulation.people import person

WIDTH, HEIGHT = 540, 720


def shot(seed, number=1, **pose):
    how = replace(faces.STUDIO, size=0.9, **pose)
    return person(seed).posed(how, number, WIDTH, HEIGHT)


def turning(seed, **ends):
    ((axis, end),) = ends.items()
    steps = np.linspace(-end, end, 5)
    return [shot(seed, i, **{axis: float(step)}) for i, step in enumerate(steps)]


def slanted(picture, degrees, about):
    """A photograph on paper, turned about its middle before a pinhole camera."""
    far = 1.6 * WIDTH
    axis = {"upright axis": (0.0, 1.0, 0.0), "level axis": (1.0, 0.0, 0.0)}[about]
    turn = np.asarray(cv2.Rodrigues(np.array(axis) * np.radians(degrees))[0])
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float64)
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    space = np.column_stack([corners - middle, np.zeros(4)]) @ turn.T + [0, 0, far]
    seen = space[:, :2] * far / space[:, 2:] + middle
    plane = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    size = (WIDTH, HEIGHT)
    warped = cv2.warpPerspective(picture, plane, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def photograph(seed, end, about):
    picture = shot(seed)
    return [slanted(picture, degrees, about) for degrees in np.linspace(-end, end, 5)]
