import type { Schema } from "../orm/schema"
import type { OdooError } from "../orm/errors"
import { asOdooError } from "./error-body"
import type { Protocol, RemoteCall, ServerSide } from "./protocol"
import { NOSNIFF, werkzeugPage } from "./reply"
import type { Incoming, Reply } from "./reply"
import { callService, nameOf } from "./services"
import { MethodCall, readCall } from "./xml-reader"
import { floatNames, MarshalError, writeResponse, writeValue } from "./xml-writer"

const PATH = /^\/xmlrpc\/(2\/)?(\w+)$/
const XML_TYPE = "text/xml; charset=utf-8"

const known = new WeakMap<Schema, ReadonlySet<string>>()

function floatsOf(schema: Schema): ReadonlySet<string> {
  const floats = known.get(schema) ?? floatNames(schema)
  known.set(schema, floats)
  return floats
}

const reply = (inside: string): Reply => ({
  status: 200,
  type: XML_TYPE,
  body: writeResponse(inside),
})

/** Where an exception was raised, as its traceback shows. */
type Stage = "reading" | "calling" | "writing"

const FRAME =
  'Traceback (most recent call last):\n  File "/usr/lib/python3/dist-packages/odoo/addons/rpc/controllers/xmlrpc.py", line 162, in xmlrpc_2\n    response = self._xmlrpc(service)\n               ^^^^^^^^^^^^^^^^^^^^^\n  File "/usr/lib/python3/dist-packages/odoo/addons/rpc/controllers/xmlrpc.py", line 134, in _xmlrpc\n'
const LINES: Readonly<Record<Stage, string>> = {
  reading: "    params, method = xmlrpc.client.loads(data, use_datetime=True)\n",
  calling: "    result = dispatch_rpc(service, method, params)\n",
  writing: "    return dumps((result,))\n",
}

/** A traceback ends with the exception's name, a built-in one's without its module. */
function traceback({ pythonName, message }: OdooError, stage: Stage): string {
  return `${FRAME}${LINES[stage]}${pythonName.replace(/^builtins\./, "")}: ${message}\n`
}

const CODES: Readonly<Record<string, number>> = {
  "odoo.exceptions.AccessDenied": 3,
  "odoo.exceptions.AccessError": 4,
  "odoo.exceptions.MissingError": 2,
  "odoo.exceptions.RedirectWarning": 2,
  "odoo.exceptions.UserError": 2,
  "odoo.exceptions.ValidationError": 2,
  "odoo.exceptions.LockError": 2,
}

/** Copies: warnings and refusals carry their message alone, anything else is a traceback under 1. */
function numberedFault(error: OdooError, stage: Stage) {
  const code = CODES[error.pythonName] ?? 1
  return { faultCode: code, faultString: code === 1 ? traceback(error, stage) : error.message }
}

/** Copies: the first version of the service has texts for codes, and often nothing else. */
function namedFault(error: OdooError, stage: Stage) {
  const { pythonName, message } = error
  const code = CODES[pythonName] ?? 1
  if (code === 1) return { faultCode: message, faultString: traceback(error, stage) }
  if (code === 3) return { faultCode: "AccessDenied", faultString: message }
  const name = pythonName.replace("odoo.exceptions.", "")
  const told = name === "MissingError" || name === "AccessError" ? name : "UserError"
  return { faultCode: `warning -- ${told}\n\n${message}`, faultString: "" }
}

function faultReply(thrown: unknown, isSecond: boolean, stage: Stage): Reply {
  const error = asOdooError(thrown)
  const fault = (isSecond ? numberedFault : namedFault)(error, stage)
  return reply(`<fault>\n${writeValue(fault, new Set())}</fault>`)
}

function read(request: Incoming, server: ServerSide): RemoteCall | Reply | undefined {
  const match = PATH.exec(request.path)
  const service = match?.[2]
  if (match === null || service === undefined) return undefined
  if (request.method !== "POST") {
    const text = "The method is not allowed for the requested URL."
    return { ...werkzeugPage(405, text), headers: { Allow: "OPTIONS, POST" } }
  }
  const isSecond = match[1] !== undefined
  let call: MethodCall
  try {
    call = readCall(request.body)
  } catch (error) {
    return faultReply(error, isSecond, "reading")
  }
  const { method, params } = call
  const floats = floatsOf(server.backend.schema)
  return {
    name: nameOf(service, method, params),
    run: () => callService(server, service, method, params),
    // Copies: the call is committed by now, so that a None in its result fails after the fact.
    answer: ({ value }) => ({
      ...reply(`<params>\n<param>\n${writeValue(value, floats)}</param>\n</params>`),
      headers: NOSNIFF,
    }),
    fail: (error) =>
      faultReply(error, isSecond, error instanceof MarshalError ? "writing" : "calling"),
  }
}

/** XML-RPC, `POST /xmlrpc/2/<service>` and its predecessor, of all versions. */
export const xmlRpc: Protocol = { read }
