"""Bodies of addresses."""

from typing import Any

from strategies import namespace


def plain(**parts: Any) -> dict[str, Any]:
    """A valid address whose contactName no other address has. Source: adding a customer address, body."""
    return {"contactName": f"Ada {namespace.fresh_word()}", "country": "DE", "city": "Ulm", **parts}


def full(**parts: Any) -> dict[str, Any]:
    """A valid address with every property but the id, isDefault, mixins and metadata; all values differ."""
    return plain(
        companyName="Łucja 山田 & Søns, Großhandel mit Noten, Büchern und Saiten, Zweigstelle am Hafen",
        street="Straße des 17. Juni, am nördlichen Ufer des Kanals, zweiter Eingang",
        streetNumber="12 a-c",
        streetAppendix="Hof 3",
        extraLine1=" c/o  King ",
        extraLine2="Tor 007",
        extraLine3="1e5",
        extraLine4="null",
        zipCode="01099",
        city="Saint-Étienne",
        country="AT",
        state="Čáslav",
        contactPhone="+43 1 58858-0",
        tags=["BILLING", "SHIPPING"],
        **parts,
    )
