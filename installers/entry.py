"""Where every program of the bundle begins. Its own file name says which program it is.

smartics is the whole command; smartics-tag means `smartics station tag`, smartics-backend means
`smartics backend`.
"""

import faulthandler
import sys
from multiprocessing import freeze_support
from pathlib import Path

from office.start import main

freeze_support()
# A bundle does not hear PYTHONFAULTHANDLER, and a crash below Python shall leave its stack.
faulthandler.enable()
name = Path(sys.executable).stem
_, _, program = name.partition("smartics-")
if program == "backend":
    sys.argv[1:1] = [program]
elif program:
    sys.argv[1:1] = ["station", program]
main()
