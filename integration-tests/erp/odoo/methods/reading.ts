import { requireAccess, mayAccess, type Operation } from "../orm/access"
import { condition, every, mentions, parseDomain, type Domain } from "../orm/domain"
import { accessError } from "../orm/errors"
import type { Env } from "../orm/env"
import { fieldsGet } from "../orm/fields-get"
import { aggregate, groupRows, readGroup } from "../orm/group"
import { rowOrder } from "../orm/order"
import { existingRows, readRows, type Load } from "../orm/read"
import { displayName } from "../orm/related"
import type { Model } from "../orm/schema"
import { countRows, searchRows, type SearchOptions } from "../orm/search"
import { webRead } from "../orm/web-read"
import { showMoment } from "../orm/moments"
import { idOf, isList, type Json, type JsonObject, type Row } from "../orm/values"
import { namesArg, numberArg, objectArg, textArg, type Call, type Method } from "./method"

/**
 * Copies: attachments that hold a field of a record stay hidden unless the domain names `res_field`
 * (or `id`).
 */
function domainOf(env: Env, model: Model, given: Json | undefined): Domain {
  const domain = parseDomain(given, env.version)
  if (model.name !== "ir.attachment") return domain
  if (mentions(domain, "res_field") || mentions(domain, "id")) return domain
  return every(domain, condition("res_field", "=", false))
}

function searchOptions(args: JsonObject): SearchOptions {
  const order = textArg(args["order"])
  const offset = numberArg(args["offset"])
  const limit = numberArg(args["limit"])
  return {
    ...(order === undefined ? {} : { order }),
    ...(offset === undefined ? {} : { offset }),
    ...(limit === undefined ? {} : { limit }),
  }
}

function search({ env, model, args }: Call): Row[] {
  requireAccess(env, model, "read")
  return searchRows(env, model, domainOf(env, model, args["domain"]), searchOptions(args))
}

/** `load` other than the default answers many2one fields as bare ids: `''` or null. */
function loadOf(args: JsonObject): Load {
  const load = args["load"]
  return load === undefined || load === "_classic_read" ? "names" : "ids"
}

function read(call: Call): Json {
  const { env, model, args } = call
  requireAccess(env, model, "read")
  const rows = existingRows(env, model, call.ids)
  return readRows(env, model, rows, namesArg(args["fields"]), loadOf(args))
}

function webSearchRead(call: Call): Json {
  const { env, model, args } = call
  const rows = search(call)
  const records = webRead(env, model, rows, objectArg(args["specification"]))
  const { limit = 0, offset = 0 } = searchOptions(args)
  const cut = limit > 0 && rows.length === limit
  const countLimit = numberArg(args["count_limit"])
  const length =
    cut || (rows.length === 0 && offset > 0)
      ? countRows(env, model, domainOf(env, model, args["domain"]), countLimit)
      : offset + rows.length
  return { length, records }
}

function formattedReadGroup(call: Call): Json {
  const { env, model, args } = call
  const groupby = namesArg(args["groupby"]) ?? []
  const aggregates = namesArg(args["aggregates"]) ?? []
  const groups = grouped(call, groupby)
  return groups.map((group) => {
    const answer: { [key: string]: Json } = {}
    groupby.forEach((label, at) => (answer[label] = group.values[at] ?? false))
    answer["__extra_domain"] = group.domain
    for (const label of aggregates) answer[label] = aggregate(env, model, label, group.rows)
    return answer
  })
}

function grouped(call: Call, groupby: readonly string[]) {
  const { env, model, args } = call
  requireAccess(env, model, "read")
  const rows = searchRows(env, model, domainOf(env, model, args["domain"]), { order: "id" })
  const sortable = groupby
    .map((label) => label.split(":")[0] ?? "")
    .filter((name) => model.fields.get(name)?.sortable === true)
  if (sortable.length > 0) rows.sort(rowOrder(env, model, sortable.join(", ")))
  const groups = groupRows(env, model, rows, groupby)
  const offset = numberArg(args["offset"]) ?? 0
  const limit = numberArg(args["limit"]) || groups.length
  return groups.slice(offset, offset + limit)
}

function readGroupCall(call: Call): Json {
  const { env, model, args } = call
  const all = typeof args["groupby"] === "string" ? [args["groupby"]] : namesArg(args["groupby"])
  const lazy = args["lazy"] !== false
  const groupby = lazy ? (all ?? []).slice(0, 1) : (all ?? [])
  const groups = grouped(call, groupby)
  const base = isList(args["domain"]) ? args["domain"] : []
  return readGroup(env, model, groups, groupby, namesArg(args["fields"]) ?? [], lazy, base)
}

function metadata({ env, model, ids }: Call): Json {
  requireAccess(env, model, "read")
  const external = env.table("ir.model.data")
  const user = (id: number): Json => (id === 0 ? false : [id, displayName(env, "res.users", id)])
  return existingRows(env, model, ids).map((row) => {
    const xmlids = external.find("target", `${model.name},${row.id}`).map((id) => ({
      xmlid: String(external.get(id)?.["key"]),
      noupdate: false,
    }))
    return {
      id: row.id,
      create_uid: user(idOf(row["create_uid"])),
      create_date: showMoment(idOf(row["create_date"])),
      write_uid: user(idOf(row["write_uid"])),
      write_date: showMoment(idOf(row["write_date"])),
      noupdate: false,
      xmlid: xmlids[0]?.xmlid ?? false,
      xmlids,
    }
  })
}

const OPERATIONS: readonly string[] = ["read", "write", "create", "unlink"]

function operationOf(value: Json | undefined): Operation {
  const known = OPERATIONS.includes(String(value))
  return known ? (value as Operation) : "read"
}

function checkAccessRights({ env, model, args }: Call): Json {
  const operation = operationOf(args["operation"])
  if (args["raise_exception"] !== false) requireAccess(env, model, operation)
  return mayAccess(env, model, operation)
}

const SEARCH = ["offset", "limit", "order"]

/** Everything that only reads. */
export const READING: Readonly<Record<string, Method>> = {
  search: {
    kind: "model",
    params: ["domain!", ...SEARCH],
    run: (call) => search(call).map((row) => row.id),
  },
  search_count: {
    kind: "model",
    params: ["domain!", "limit"],
    run: ({ env, model, args }) => {
      requireAccess(env, model, "read")
      return countRows(env, model, domainOf(env, model, args["domain"]), numberArg(args["limit"]))
    },
  },
  search_read: {
    kind: "model",
    params: ["domain", "fields", ...SEARCH, "load"],
    passesOn: "BaseModel._read_format()",
    run: (call) => {
      const { env, model, args } = call
      const rows = search(call)
      // Copies: `active_test` counts for the search, not for lists in what is then read.
      const reading = env.withoutContext("active_test")
      return readRows(reading, model, rows, namesArg(args["fields"]), loadOf(args))
    },
  },
  read: { kind: "records", params: ["fields", "load"], run: read },
  web_read: {
    kind: "records",
    params: ["specification!"],
    run: ({ env, model, ids, args }) => {
      requireAccess(env, model, "read")
      return webRead(env, model, existingRows(env, model, ids), objectArg(args["specification"]))
    },
  },
  web_search_read: {
    kind: "model",
    params: ["domain!", "specification!", ...SEARCH, "count_limit"],
    run: webSearchRead,
  },
  read_group: {
    kind: "model",
    params: ["domain!", "fields!", "groupby!", "offset", "limit", "orderby", "lazy"],
    run: readGroupCall,
  },
  formatted_read_group: {
    kind: "model",
    params: ["domain!", "groupby", "aggregates", "having", ...SEARCH],
    versions: [19],
    run: formattedReadGroup,
  },
  fields_get: {
    kind: "model",
    params: ["allfields", "attributes"],
    run: ({ env, model, args }) => {
      requireAccess(env, model, "read")
      return fieldsGet(env, model, namesArg(args["allfields"]), namesArg(args["attributes"]))
    },
  },
  get_metadata: { kind: "records", params: [], run: metadata },
  has_access: {
    kind: "records",
    params: ["operation!"],
    versions: [18, 19],
    run: ({ env, model, args }) => mayAccess(env, model, operationOf(args["operation"])),
  },
  check_access_rights: {
    kind: "model",
    params: ["operation!", "raise_exception"],
    run: checkAccessRights,
  },
  // Private on 19: which of some ids exist has to be asked with a search.
  exists: {
    kind: "records",
    params: [],
    run: ({ env, model, ids }) => {
      if (env.version >= 19) throw privateMethod(env, model, "exists")
      return existingRows(env, model, ids).map((row) => row.id)
    },
  },
}

/** Copies: names with an underscore, and some others, cannot be called remotely. */
export function privateMethod(env: Env, model: Model, name: string): Error {
  const shown = env.version >= 18 ? `'${model.name}.${name}'` : name
  return accessError(`Private methods (such as ${shown}) cannot be called remotely.`)
}
