// Loaded into the chat window: it would listen on every interface, and is kept to this machine.
"use strict";

const { Server } = require("node:net");
const { listen } = Server.prototype;

Server.prototype.listen = function (port, ...rest) {
  return typeof port === "number"
    ? listen.call(this, { host: "127.0.0.1", port }, ...rest)
    : listen.call(this, port, ...rest);
};
