"""The demo district's instruments and loan items."""

from typing import Any

from booking.demo.spaces import LABS


def instrument(slug: str, name: str, code: str, category: str, **more: Any) -> dict[str, Any]:
    """One instrument of the health innovation arena, with what differs from the usual."""
    plain = {"slug": slug, "name": name, "code": code, "category": category, "seats": None, "area_m2": None}
    return {**LABS, "kind": "instrument", **plain, **more}


def needs_training(slug: str, name: str, code: str, **more: Any) -> dict[str, Any]:
    """An instrument for the trained."""
    return instrument(slug, name, code, "mikroskopi", description="Krever opplæring.", **more)


def loan(slug: str, name: str, code: str, **more: Any) -> dict[str, Any]:
    """Something that is picked up and brought back."""
    return instrument(slug, name, code, "utlan", floor="0", description="Hentes og leveres i resepsjonen.", **more)


INSTRUMENTS: list[dict[str, Any]] = [
    needs_training("konfokalmikroskop", "Konfokalmikroskop", "KON"),
    needs_training("forskningsultralyd", "Forskningsultralyd", "FUL"),
    needs_training("qpcr", "qPCR", "PCR"),
    needs_training("sikkerhetsbenk-1", "Sikkerhetsbenk kl. II nr. 1", "SB1"),
    needs_training("sikkerhetsbenk-2", "Sikkerhetsbenk kl. II nr. 2", "SB2"),
    needs_training("autoklav", "Autoklav", "AUT"),
    instrument("klimaskap", "Klimaskap", "KLI", "prototyping", description="For forsøk over flere døgn."),
    instrument("sla-printer", "SLA-printer, biokompatibel", "SLA", "prototyping"),
    instrument(
        "fdm-printere", "FDM-printere", "FDM", "prototyping", units=4, description="Fire like; du får en ledig."
    ),
    instrument("laserkutter", "Laserkutter", "LAS", "prototyping"),
    instrument("emc-forhandstest", "EMC-forhåndstest", "EMC", "prototyping"),
    instrument("elsikkerhetstester", "Elsikkerhetstester", "ELS", "prototyping"),
    instrument("pasientsimulator", "Pasientsimulator", "PAS", "prototyping"),
    instrument("bevegelsesfangst", "Bevegelsesfangst", "BEV", "prototyping"),
    loan("varmekamera", "Varmekamera", "VAR"),
    loan("xr-briller", "XR-briller", "XRB", units=6),
    loan("mobil-videovogn", "Mobil videovogn", "VID"),
    loan("teleslynge", "Teleslynge", "TEL"),
]
