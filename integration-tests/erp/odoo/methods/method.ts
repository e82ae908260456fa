import { typeError, valueError } from "../orm/errors"
import type { Env } from "../orm/env"
import { repr } from "../orm/python"
import type { Model } from "../orm/schema"
import { isList, isObject, type Json, type JsonObject } from "../orm/values"

/** A call that reached its method: the records it is about and its named arguments. */
export interface Call {
  readonly env: Env
  readonly model: Model
  readonly ids: readonly number[]
  readonly args: JsonObject
}

export interface Method {
  /**
   * `model`: about no records in particular, `ids` are refused. `records`: about `ids`. `create`:
   * answers one id when it got one set of values over JSON-RPC, else a list.
   */
  readonly kind: "model" | "records" | "create"
  /** Argument names in order; a `!` behind the name marks a required one. */
  readonly params: readonly string[]
  /** The function that complains about unknown names, for methods that take any (`**kwargs`). */
  readonly passesOn?: string
  readonly versions?: readonly number[]
  /** `null` is Python's `None`. */
  readonly run: (call: Call) => Json
}

export function paramName(param: string): string {
  return param.replace("!", "")
}

export function isRequired(param: string): boolean {
  return param.endsWith("!")
}

/** The error of a `**kwargs` method for a name it does not know. */
export function unexpected(passesOn: string, name: string): Error {
  return typeError(`${passesOn} got an unexpected keyword argument '${name}'`)
}

export function textArg(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined
}

/** Copies: `limit: 0`, `false` and `null` all mean no limit. */
export function numberArg(value: Json | undefined): number | undefined {
  if (value === undefined || value === null || value === false) return undefined
  if (typeof value !== "number")
    throw typeError(`'${typeof value}' object cannot be interpreted as an integer`)
  return value
}

export function namesArg(value: Json | undefined): string[] | undefined {
  if (value === undefined || value === null || value === false) return undefined
  if (!isList(value)) throw valueError(`Invalid list of fields ${repr(value)}`)
  return value.map(String)
}

export function objectArg(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}
