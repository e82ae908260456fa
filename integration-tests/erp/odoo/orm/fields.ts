import type { Field, FieldOptions, FieldType, OdooVersion, Selection } from "./schema"

/** A field before the version is known. */
export interface FieldDraft {
  readonly name: string
  readonly type: FieldType
  readonly label: string
  readonly options: FieldOptions
}

type Builder = (name: string, label: string, options?: FieldOptions) => FieldDraft

const builder =
  (type: FieldType): Builder =>
  (name, label, options = {}) => ({ name, type, label, options })

export const char = builder("char")
export const text = builder("text")
export const html = builder("html")
export const integer = builder("integer")
export const float = builder("float")
export const boolean = builder("boolean")
export const datetime = builder("datetime")
export const date = builder("date")
export const binary = builder("binary")

export const many2one = (name: string, label: string, relation: string, options?: FieldOptions) =>
  builder("many2one")(name, label, { ...options, relation })

export const many2many = (name: string, label: string, relation: string, options?: FieldOptions) =>
  builder("many2many")(name, label, { ...options, relation })

export const one2many = (
  name: string,
  label: string,
  relation: string,
  inverseOf: string,
  options?: FieldOptions,
) => builder("one2many")(name, label, { ...options, relation, inverseOf })

export const selection = (
  name: string,
  label: string,
  choices: Selection,
  options?: FieldOptions,
): FieldDraft => builder("selection")(name, label, { ...options, selection: choices })

/** Prices lost their fixed digits in 19: 17 and 18 round to two places, 19 stores what it gets. */
export const priceDigits = (version: OdooVersion): FieldOptions =>
  version >= 19 ? { digits: false } : { digits: [16, 2] }

/** A computed field that can neither be searched nor sorted by. */
export const HIDDEN = { store: false, searchable: false, sortable: false, readonly: true } as const

export const QUANTITY: FieldOptions = { digits: [16, 2] }

/** The columns every model has. */
export function metaFields(): FieldDraft[] {
  return [
    integer("id", "ID", { readonly: true }),
    many2one("create_uid", "Created by", "res.users", { readonly: true }),
    datetime("create_date", "Created on", { readonly: true }),
    many2one("write_uid", "Last Updated by", "res.users", { readonly: true }),
    datetime("write_date", "Last Updated on", { readonly: true }),
  ]
}

const SHORT: Readonly<Record<string, FieldType>> = {
  m2o: "many2one",
  m2m: "many2many",
  o2m: "one2many",
}

/**
 * Fields that the simulator lists and answers with nothing, one a line:
 * `name type[>relation|=choice,choice] [stored] [ro] [req] [19+] [-18]`.
 */
export function inert(lines: string): FieldDraft[] {
  return lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(inertField)
}

function inertField(line: string): FieldDraft {
  const [name = "", kind = "", ...flags] = line.split(/\s+/)
  const [plain = "", choices] = kind.split("=")
  const [shortType = "", relation] = plain.split(">")
  const type = SHORT[shortType] ?? (shortType as FieldType)
  const since = flags.find((flag) => /^\d\d\+$/.test(flag))
  const until = flags.find((flag) => /^-\d\d$/.test(flag))
  const stored = flags.includes("stored")
  const label = name.replace(/_ids?$/, "").replace(/_/g, " ")
  const empty =
    type === "one2many" || type === "many2many"
      ? []
      : /^(float|integer|monetary)$/.test(type)
        ? 0
        : false
  return {
    name,
    type,
    label: label.charAt(0).toUpperCase() + label.slice(1),
    options: {
      ...(since === undefined ? {} : { since: Number(since.slice(0, 2)) as OdooVersion }),
      ...(until === undefined ? {} : { until: Number(until.slice(1)) as OdooVersion }),
      ...(relation === undefined ? {} : { relation }),
      ...(choices === undefined
        ? {}
        : { selection: choices.split(",").map((key) => [key, key] as const) }),
      readonly: flags.includes("ro"),
      required: false,
      store: stored,
      searchable: stored,
      sortable: stored && !Array.isArray(empty) && type !== "binary",
      compute: () => empty,
    },
  }
}

/** Settles a model's fields for one version. Later drafts replace earlier ones of the same name. */
export function settle(drafts: readonly FieldDraft[], version: OdooVersion): Map<string, Field> {
  const fields = new Map<string, Field>()
  for (const { name, type, label, options } of drafts) {
    if (options.since !== undefined && version < options.since) continue
    if (options.until !== undefined && version > options.until) continue
    const linked = type === "one2many" || options.mirrorOf !== undefined
    const column = options.compute === undefined && !linked
    const store = options.store ?? (column || linked)
    fields.set(name, {
      ...options,
      name,
      type,
      label,
      column,
      inherited: false,
      store,
      searchable: options.searchable ?? store,
      sortable: options.sortable ?? (store && type !== "binary" && !/2many$/.test(type)),
    })
  }
  return fields
}

/** The fields a model takes over from its parent record (`_inherits`). */
export function inherit(own: ReadonlyMap<string, Field>, parent: ReadonlyMap<string, Field>) {
  const fields = new Map<string, Field>()
  for (const field of parent.values()) {
    fields.set(field.name, { ...field, column: false, inherited: true, store: false })
  }
  for (const field of own.values()) fields.set(field.name, field)
  return fields
}
