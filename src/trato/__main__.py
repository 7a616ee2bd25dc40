"""Where the program begins: the script `trato` and `python -m trato`."""

import signal


def main() -> None:
    """Run the command line; until it listens, Ctrl-C ends the program without a trace of half an import."""
    asked_to_hear = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if asked_to_hear:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from trato import cli

    if asked_to_hear:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()


if __name__ == "__main__":
    main()
