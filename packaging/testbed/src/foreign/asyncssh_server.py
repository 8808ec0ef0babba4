"""A server that runs what it is asked to and opens whatever port it is asked for."""

import asyncio
import sys

import asyncssh


class Server(asyncssh.SSHServer):
    def connection_requested(self, dest_host, dest_port, orig_host, orig_port):
        return True

    def server_requested(self, listen_host, listen_port):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        if username == "expired":
            raise asyncssh.PasswordChangeRequired("The password is too old.")
        return False

    def kbdint_auth_supported(self):
        return True

    def get_kbdint_challenge(self, username, lang, submethods):
        self.first = True
        return "Two steps", "Answer both.", "", [("Code word: ", True), ("PIN: ", False)]

    def validate_kbdint_response(self, username, responses):
        first, self.first = self.first, False
        if first and responses == ["open", "1234"]:
            print("second round", file=sys.stderr, flush=True)
            return "", "One more.", "", [("Token: ", True)]
        return not first and responses == ["5678"]


async def copy(reader, writer):
    """Copies to the end and passes the end on."""
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def feed(reader, writer):
    await copy(reader, writer)
    writer.close()


async def serve(process):
    pipe = asyncio.subprocess.PIPE
    local = await asyncio.create_subprocess_shell(process.command or "/bin/sh", stdin=pipe, stdout=pipe, stderr=pipe)
    feeding = asyncio.create_task(feed(process.stdin, local.stdin))
    await asyncio.gather(copy(local.stdout, process.stdout), copy(local.stderr, process.stderr))
    process.exit(await local.wait())
    feeding.cancel()


async def main(port, host_key, authorized_keys):
    await asyncssh.create_server(
        Server,
        "127.0.0.1",
        int(port),
        server_host_keys=[host_key],
        authorized_client_keys=authorized_keys,
        process_factory=serve,
        encoding=None,
    )
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
