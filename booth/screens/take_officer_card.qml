// The instruction of this name; its words come from the Python side.
Instruction {}
