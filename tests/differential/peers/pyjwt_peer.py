"""Asks PyJWT about tokens: lines of JSON in, a line of JSON out for each token.

The first line has the setups, each other line a token, the time, and the number of its setup.
"""

import base64
import datetime
import json
import sys
import warnings

import jwt
import jwt.api_jwt


class FixedClock(datetime.datetime):
    """The clock that PyJWT reads; it takes no time as an argument."""

    seconds = 0.0

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(cls.seconds, tz)


class OfflineClient(jwt.PyJWKClient):
    """PyJWT's own search for a key, in a set that need not be fetched."""

    def __init__(self, keys):
        super().__init__("https://issuer.example/jwks.json")
        self.keys = jwt.PyJWKSet.from_dict({"keys": keys})

    def get_jwk_set(self, refresh=False):
        return self.keys


class Verifier:
    def __init__(self, setup):
        self.setup = setup
        self.secret = base64.b64decode(setup["secret"]) if setup["secret"] else None
        try:
            self.client = None if self.secret else OfflineClient(setup["keySet"])
            self.broken = None
        except jwt.PyJWTError as error:
            self.broken = error

    def verify(self, token, now):
        if self.broken:
            raise self.broken
        FixedClock.seconds = now
        required = ["iss"]
        if not self.setup["allowMissingExpiry"]:
            required.append("exp")
        if self.setup["audience"] is not None:
            required.append("aud")
        jwt.decode(
            token,
            self.secret or self.client.get_signing_key_from_jwt(token),
            algorithms=self.setup["algorithms"],
            issuer=self.setup["issuer"],
            audience=self.setup["audience"],
            leeway=self.setup["graceSeconds"],
            options={
                "require": required,
                "verify_aud": self.setup["audience"] is not None,
                "enforce_minimum_key_length": True,
            },
        )


def answer(verifier, question):
    try:
        verifier.verify(question["token"], question["now"])
        return {"verdict": "accept", "why": ""}
    # Whatever is raised keeps the token from being accepted, as it would in a server.
    except Exception as error:
        return {"verdict": "reject", "why": f"{type(error).__name__}: {error}"[:140]}


def main():
    warnings.simplefilter("ignore")
    jwt.api_jwt.datetime = FixedClock
    verifiers = [Verifier(setup) for setup in json.loads(sys.stdin.readline())]
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(answer(verifiers[question["setup"]], question)))


main()
