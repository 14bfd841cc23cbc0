"""`python -m hscb_voice` is the command `hscb-voice`."""

from hscb_voice.cli import main

main()
