"""The commands of `python app.py`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="app.py", description="Learnweek: the learning week in chat."
    )
    commands = root.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="serve the bot (the default)")
    commands.add_parser("laptop", help="serve on this machine alone, with its chat window")
    commands.add_parser("chat", help="chat in the terminal, without Teams")
    read = commands.add_parser(
        "import", help="read a programme: CSV, Excel, iCalendar, or a folder"
    )
    read.add_argument("file", type=Path)
    read.add_argument("--edition", default="", metavar="NAME")
    read.add_argument("--dry-run", action="store_true", help="say what would change, store nothing")
    copy = commands.add_parser("copy-edition", help="an edition once more, its dates moved")
    copy.add_argument("name", help="of the edition to copy")
    copy.add_argument("--to", required=True, metavar="NAME", help="what the new one is called")
    copy.add_argument(
        "--starts", required=True, type=_day, metavar="DATE", help="its first day, as 2026-10-19"
    )
    copy.add_argument("--dry-run", action="store_true", help="say what would come, store nothing")
    write = commands.add_parser("export", help="write what is known to standard output")
    write.add_argument("what", choices=["sessions", "bookings", "attendance", "feedback"])
    write.add_argument("--edition", default="", metavar="NAME")
    write.add_argument("--format", default="csv", choices=["csv", "xlsx", "ics"])
    report = commands.add_parser("report", help="write what an edition did, in figures")
    report.add_argument("--edition", default="", metavar="NAME", help="the latest one if left out")
    report.add_argument(
        "--out", type=Path, default=Path("report.html"), metavar="FILE.html|pdf|xlsx"
    )
    earlier = commands.add_parser("earlier", help="read the figures of earlier editions")
    earlier.add_argument("file", type=Path, help="CSV or Excel, one row an edition")
    sent = commands.add_parser("deliveries", help="say what was sent and to how many it got")
    sent.add_argument("--limit", type=int, default=20, metavar="N", help="the latest N mailings")
    package = commands.add_parser("manifest", help="build the Teams app package")
    package.add_argument("--out", type=Path, default=Path("learnweek.zip"), metavar="FILE.zip")
    commands.add_parser("doctor", help="say what works, what is off and what is missing")
    hub = commands.add_parser("hub-setup", help="make the SharePoint list of the programme")
    hub.add_argument(
        "--edition", default="", metavar="NAME", help="what the list is of, if unclear"
    )
    commands.add_parser("engage-login", help="sign the service account of Viva Engage in")
    commands.add_parser("audit", help="check that bookings and notices keep their rules")
    commands.add_parser("migrate", help="bring the database to this version")
    cancel = commands.add_parser("cancel", help="call a session off and tell everybody")
    cancel.add_argument("code")
    cancel.add_argument("--edition", default="", metavar="NAME")
    return root


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a date: write it as 2026-10-19"
        raise argparse.ArgumentTypeError(message) from None
