"""An echo on the Microsoft 365 Agents SDK: `agents_sdk.py APP_ID KEYS_URL`; prints its port."""

import asyncio
import sys

from aiohttp import web
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import ActivityHandler
from microsoft_agents.hosting.core.authorization import AgentAuthConfiguration, _entra_issuers


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context):
        await turn_context.send_activity(f"You said: {turn_context.activity.text}")


class Token:
    """A token that is always good: signing in is not what is measured."""

    def __init__(self, configuration):
        self.configuration = configuration

    async def get_access_token(self, resource_url, scopes, force_refresh=False):
        return "good"


class Connections:
    def __init__(self, configuration):
        self._configuration = configuration
        self._token = Token(configuration)

    def get_connection(self, connection_name):
        return self._token

    def get_default_connection(self):
        return self._token

    def get_token_provider(self, claims_identity, service_url):
        return self._token

    def get_default_connection_configuration(self):
        return self._configuration


async def main(app_id, keys_url):
    issuers = _entra_issuers.BOTFRAMEWORK_JWKS_URIS
    issuers.update(dict.fromkeys(issuers, keys_url))
    configuration = AgentAuthConfiguration(client_id=app_id, tenant_id="common")
    adapter = CloudAdapter(connection_manager=Connections(configuration))
    echo = Echo()
    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = configuration
    app.router.add_post("/api/messages", lambda request: adapter.process(request, echo))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
