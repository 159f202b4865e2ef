"""The shape of the original chat: one FastAPI process, sockets in a list for each room, the history in a Redis list.

uvicorn original:app, with REDIS_PORT in the environment.
"""
import json
import os
import time
import uuid
from collections import defaultdict

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from redis.asyncio import Redis

HISTORY = 1000

app = FastAPI()
redis = Redis(port=int(os.environ["REDIS_PORT"]))
rooms: dict[str, list[WebSocket]] = defaultdict(list)


@app.websocket("/ws/{room}")
async def chat(socket: WebSocket, room: str) -> None:
    await socket.accept()
    user = {"id": str(uuid.uuid4()), "nickname": "guest-123456"}
    history = await redis.lrange(f"chat:{room}", -50, -1)
    rooms[room].append(socket)
    await socket.send_text(json.dumps({"type": "joined", "events": len(history)}))
    try:
        while True:
            frame = json.loads(await socket.receive_text())
            message = json.dumps({
                "type": "message", "room": room, "seq": 1_000_000, "at": int(time.time() * 1000), "user": user,
                "clientId": frame["clientId"], "text": frame["text"],
            }, separators=(",", ":"))
            await redis.rpush(f"chat:{room}", message)
            await redis.ltrim(f"chat:{room}", -HISTORY, -1)
            for other in list(rooms[room]):
                try:
                    await other.send_text(message)
                except (RuntimeError, WebSocketDisconnect):
                    pass
    except (RuntimeError, WebSocketDisconnect):
        pass
    finally:
        rooms[room].remove(socket)
