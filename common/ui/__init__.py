"""The one design system: window, parts, theme, and the driver of a visit."""
