"""The officer's desk: reception, registration, assessment, production, counter."""
