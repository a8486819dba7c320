"""An echo on aiohttp alone, which believes every token: `bare_aiohttp.py`; prints its port."""

import asyncio

from aiohttp import ClientSession, web


async def main():
    async with ClientSession() as http:

        async def handle(request):
            activity = await request.json()
            conversation = activity["conversation"]["id"]
            url = f"{activity['serviceUrl']}v3/conversations/{conversation}/activities"
            reply = {"type": "message", "text": f"You said: {activity.get('text')}"}
            async with http.post(url, json=reply, headers={"Authorization": "Bearer good"}) as sent:
                await sent.read()
            return web.Response(status=201)

        app = web.Application()
        app.router.add_post("/api/messages", handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
