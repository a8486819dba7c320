"""The conversations that Teams knows, and who is in each."""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.support.activities import PERSONAL, Person, Place


@dataclass(slots=True)
class Chats:
    """Personal chats of the people who have the app, group chats and channels that have it."""

    tenant: str
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)

    def add_person(self, person: Person) -> None:
        """This person has installed the app."""
        self.people[person.teams_id] = person
        self.left.discard(person.chat)

    def leave(self, where: Person | Place) -> None:
        """The app was taken away there."""
        if isinstance(where, Person):
            self.people.pop(where.teams_id, None)
        else:
            self.places.pop(where.id, None)
        self.left.add(where.chat if isinstance(where, Person) else where.id)

    def add_place(self, place: Place) -> None:
        """The app is in this group chat or channel, with these members."""
        known = self.places.get(place.id, place)
        members = dict.fromkeys([*known.members, *place.members])
        self.places[place.id] = replace(place, members=tuple(members), thread="")
        self.left.discard(place.id)

    def add_member(self, place: Place, person: Person) -> None:
        self.add_place(replace(place, members=(*place.members, person)))

    def person(self, id: str) -> Person | None:
        """By Teams id or Entra object id; an address will not do."""
        return next((each for each in self.people.values() if id in _ids(each)), None)

    def place(self, conversation: str) -> Place | None:
        """The place of a conversation, its thread included, if the bot is there."""
        if any(person.chat == conversation for person in self.people.values()):
            return PERSONAL
        base, _, thread = conversation.partition(";messageid=")
        place = self.places.get(base)
        return place.in_thread(thread) if place and thread else place

    def was_left(self, conversation: str) -> bool:
        return conversation.partition(";")[0] in self.left

    def members(self, conversation: str) -> list[Person]:
        chat = [each for each in self.people.values() if each.chat == conversation]
        place = self.places.get(conversation.partition(";")[0])
        return chat or (list(place.members) if place else [])

    def roster_entry(self, person: Person) -> dict[str, Any]:
        given, _, family = person.name.partition(" ")
        return {
            "id": person.teams_id,
            "name": person.name,
            "objectId": person.aad_id,
            "aadObjectId": person.aad_id,
            "givenName": given,
            "surname": family,
            "email": person.email,
            "userPrincipalName": person.email,
            "tenantId": self.tenant,
            "userRole": self.roles.get(person.aad_id, "user"),
        }


def _ids(person: Person) -> tuple[str, str]:
    return person.teams_id, person.aad_id
