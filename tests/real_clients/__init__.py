"""The calendar programs that people use, against a running server: Thunderbird, Evolution, khal, vdirsyncer."""
