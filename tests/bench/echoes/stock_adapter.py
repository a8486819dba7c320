"""An echo on the Bot Framework's own CloudAdapter: `stock_adapter.py APP_ID KEYS_URL`; prints its port."""

import asyncio
import sys

from aiohttp import web
from botbuilder.core import ActivityHandler
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import (
    AppCredentials,
    ChannelValidation,
    ServiceClientCredentialsFactory,
)


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context):
        await turn_context.send_activity(f"You said: {turn_context.activity.text}")


class Credentials(AppCredentials):
    """A token that is always good: signing in is not what is measured."""

    def get_access_token(self, force_refresh=False):
        return "good"


class Factory(ServiceClientCredentialsFactory):
    def __init__(self, app_id):
        self._app_id = app_id

    async def is_valid_app_id(self, app_id):
        return app_id == self._app_id

    async def is_authentication_disabled(self):
        return False

    async def create_credentials(self, app_id, oauth_scope, login_endpoint, validate_authority):
        return Credentials(app_id=app_id, oauth_scope=oauth_scope)


class Configuration:
    def __init__(self, app_id):
        self.APP_ID = app_id
        self.APP_PASSWORD = "unused"
        self.APP_TYPE = "MultiTenant"
        self.APP_TENANTID = ""


async def main(app_id, metadata_url):
    ChannelValidation.open_id_metadata_endpoint = metadata_url
    authentication = ConfigurationBotFrameworkAuthentication(
        Configuration(app_id), credentials_factory=Factory(app_id)
    )
    adapter = CloudAdapter(authentication)
    echo = Echo()

    async def handle(request):
        return await adapter.process(request, echo)

    app = web.Application()
    app.router.add_post("/api/messages", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
