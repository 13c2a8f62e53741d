"""The officers' program: registration, assessment, production and the counter at one desk."""
