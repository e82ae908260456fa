import type { Env } from "./env"
import type { Field, Model } from "./schema"
import type { JsonObject } from "./values"

/** Everything `fields_get` can say about one field. */
function describe(env: Env, field: Field): JsonObject {
  const isNumber = field.type === "float" || field.type === "integer" || field.type === "monetary"
  const isText = field.type === "char" || field.type === "text" || field.type === "html"
  return {
    type: field.type,
    name: field.name,
    string: field.label,
    required: field.required ?? false,
    readonly: field.readonly ?? false,
    store: field.store,
    searchable: field.searchable,
    sortable: field.sortable,
    company_dependent: field.companyDependent ?? false,
    change_default: false,
    exportable: true,
    groupable: field.store,
    manual: false,
    depends: [],
    ...(field.groups === undefined ? {} : { groups: field.groups }),
    ...(field.relation === undefined ? {} : { relation: field.relation, domain: [], context: {} }),
    ...(field.inverseOf === undefined ? {} : { relation_field: field.inverseOf }),
    ...(field.selection === undefined
      ? {}
      : { selection: field.selection.map(([key, label]) => [key, label]) }),
    ...(isText ? { translate: field.translate ?? false, trim: true } : {}),
    // Copies: 19 answers `false` for a price, which has no fixed digits there.
    ...(field.digits === undefined ? {} : { digits: field.digits }),
    ...(isNumber ? { [env.version >= 18 ? "aggregator" : "group_operator"]: "sum" } : {}),
  }
}

/** The fields of a model of this version, with the asked attributes only. */
export function fieldsGet(
  env: Env,
  model: Model,
  names: readonly string[] | undefined,
  attributes: readonly string[] | undefined,
): JsonObject {
  const answer: { [name: string]: JsonObject } = {}
  for (const field of model.fields.values()) {
    if (names !== undefined && names.length > 0 && !names.includes(field.name)) continue
    const all = describe(env, field)
    answer[field.name] =
      attributes === undefined || attributes.length === 0
        ? all
        : Object.fromEntries(Object.entries(all).filter(([key]) => attributes.includes(key)))
  }
  return answer
}
