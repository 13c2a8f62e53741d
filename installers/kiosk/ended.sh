#!/bin/sh
# Run by systemd, as root, when a station has ended. 88: its staff shut it down at the screen.
set -eu
if [ "${EXIT_STATUS:-}" = 88 ]; then
  systemctl --no-block poweroff
fi
