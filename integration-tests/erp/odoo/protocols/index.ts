import { json2 } from "./json2"
import { jsonRpc } from "./json-rpc"
import type { Protocol } from "./protocol"
import { version } from "./version"
import { xmlRpc } from "./xml-rpc"

/** The protocols the simulator speaks, asked in this order. */
export const PROTOCOLS: readonly Protocol[] = [version, json2, jsonRpc, xmlRpc]
