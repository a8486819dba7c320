"""Keys that sign tokens, and the public halves that anyone may read."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from ipaddress import IPv4Address
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from tests.support.now import now

CERTIFIED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An RSA key, its id, and the channels it speaks for."""

    id: str
    private: RSAPrivateKey
    endorsements: tuple[str, ...] = ("msteams",)

    def public(self) -> dict[str, Any]:
        """The entry of a key set (JWK)."""
        jwk = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        entry = {"kty": "RSA", "use": "sig", "kid": self.id, "x5t": self.id}
        entry |= {"n": jwk["n"], "e": jwk["e"]}
        return entry | ({"endorsements": list(self.endorsements)} if self.endorsements else {})

    def endorsed(self, *channels: str) -> "SigningKey":
        """The same key, speaking for other channels or, with none, saying nothing of them."""
        return replace(self, endorsements=channels)


def a_key(number: int) -> SigningKey:
    """The key of that number, always the same one in this process, for making one is slow."""
    return SigningKey(id=f"key-{number}", private=_rsa(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A self-signed certificate and its key, as PEM."""

    certificate: str
    key: str


@cache
def a_certificate(name: str = "127.0.0.1") -> Certificate:
    """A certificate good for a day, for a server here or for an application that signs in."""
    key = _rsa(CERTIFIED)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(hours=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(certificate=made.public_bytes(pem).decode(), key=private.decode())


@cache
def _rsa(number: int) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)
