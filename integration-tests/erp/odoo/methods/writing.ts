import { requireAccess } from "../orm/access"
import { userError } from "../orm/errors"
import type { Env } from "../orm/env"
import { loadRecords } from "../orm/load"
import { existingRows } from "../orm/read"
import { createRecords, unlinkRecords, writeRecords } from "../orm/records"
import type { Model } from "../orm/schema"
import { webRead } from "../orm/web-read"
import { isList, isObject, unique, type Json, type JsonObject } from "../orm/values"
import { namesArg, objectArg, type Call, type Method } from "./method"

function valuesList(value: Json | undefined): JsonObject[] {
  const list = isList(value) ? value : [value]
  return list.filter(isObject)
}

function toggle(active: boolean) {
  return ({ env, model, ids }: Call): Json => {
    requireAccess(env, model, "write")
    const toggled = existingRows(env, model, ids)
      .filter((row) => row["active"] !== active)
      .map((row) => row.id)
    if (model.toggle !== undefined) model.toggle(env, toggled, active)
    else if (toggled.length > 0) writeRecords(env, model, toggled, { active })
    // Copies: the method returns None, which XML-RPC cannot carry and JSON-RPC leaves out.
    return null
  }
}

/** Copies: on 19 the answer of a save shows sizes in place of binaries. */
function readBack(env: Env, model: Model, ids: readonly number[], specification: JsonObject) {
  const reading = env.version >= 19 ? env.withContext({ bin_size: true }) : env
  return webRead(reading, model, existingRows(env, model, ids), specification)
}

function webSave({ env, model, ids, args }: Call): Json {
  const vals = objectArg(args["vals"])
  requireAccess(env, model, ids.length === 0 ? "create" : "write")
  const saved = ids.length === 0 ? createRecords(env, model, [vals]) : ids
  if (ids.length > 0) writeRecords(env, model, ids, vals)
  return readBack(env, model, saved, objectArg(args["specification"]))
}

/** Many records, different values, one transaction: a bad one rolls all of them back. */
function webSaveMulti({ env, model, ids, args }: Call): Json {
  requireAccess(env, model, "write")
  const list = valuesList(args["vals_list"])
  ids.forEach((id, at) => writeRecords(env, model, [id], list[at] ?? {}))
  return readBack(env, model, ids, objectArg(args["specification"]))
}

/** Everything that changes records. */
export const WRITING: Readonly<Record<string, Method>> = {
  create: {
    kind: "create",
    params: ["vals_list!"],
    run: ({ env, model, args }) => {
      requireAccess(env, model, "create")
      return createRecords(env, model, valuesList(args["vals_list"]))
    },
  },
  write: {
    kind: "records",
    params: ["vals!"],
    run: ({ env, model, ids, args }) => {
      requireAccess(env, model, "write")
      writeRecords(env, model, unique(ids), objectArg(args["vals"]))
      return true
    },
  },
  unlink: {
    kind: "records",
    params: [],
    run: ({ env, model, ids }) => {
      requireAccess(env, model, "unlink")
      unlinkRecords(env, model, unique(ids))
      return true
    },
  },
  action_archive: { kind: "records", params: [], run: toggle(false) },
  action_unarchive: { kind: "records", params: [], run: toggle(true) },
  web_save: {
    kind: "records",
    params: ["vals!", "specification!", "next_id"],
    run: webSave,
  },
  web_save_multi: {
    kind: "records",
    params: ["vals_list!", "specification!"],
    versions: [19],
    run: webSaveMulti,
  },
  load: {
    kind: "model",
    params: ["fields!", "data!"],
    run: ({ env, model, args }) => {
      requireAccess(env, model, "write")
      const data = isList(args["data"]) ? args["data"].filter(isList) : []
      return loadRecords(env, model, namesArg(args["fields"]) ?? [], data)
    },
  },
  export_data: {
    kind: "records",
    params: ["fields_to_export!"],
    run: () => {
      throw userError("You don't have the rights to export data. Please contact an Administrator.")
    },
  },
}
