"""A database that comes and goes."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Gate:
    """A way to the database that can be shut: what came through breaks, what comes is refused."""

    def __init__(self, database_url: str) -> None:
        self._parts = conninfo_to_dict(database_url)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._port = 0

    @property
    def database_url(self) -> str:
        """The database by way of the gate."""
        return make_conninfo(**{**self._parts, "host": "127.0.0.1", "port": self._port})

    async def open(self) -> None:
        """Let connections through, always at the same port."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Break every connection and take no more."""
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = str(self._parts.get("host", "localhost")), int(self._parts.get("port", 5432))
        if host.startswith("/"):
            inner = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            inner = await asyncio.open_connection(host, port)
        self._writers |= {writer, inner[1]}
        try:
            await asyncio.gather(_copy(reader, inner[1]), _copy(inner[0], writer))
        finally:
            self._writers -= {writer, inner[1]}


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
    target.close()
