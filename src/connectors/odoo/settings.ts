import { z } from "@medusajs/framework/zod"

import { SyncError } from "../../sync/errors"

/** Credentials of an Odoo connection. An API key works in place of the password, and survives 2FA. */
export const odooCredentialsSchema = z
  .object({
    url: z.string().regex(/^https?:\/\/[^\s/]/, "expected an http or https address"),
    database: z.string().min(1),
    login: z.string().min(1),
    api_key: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
  })
  .refine(
    ({ api_key, password }) => api_key !== undefined || password !== undefined,
    "expected `api_key` or `password`",
  )

const filterValue = z.union([z.string(), z.number(), z.boolean()])

const path = z.string().regex(/^\w+(\.\w+)*$/, "expected a field, or a path of fields")

const LIST_OPERATORS = ["in", "not in"] as const
const OPERATORS = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "like",
  "not like",
  "ilike",
  "not ilike",
] as const
const TREE_OPERATORS = ["child_of", "parent_of"] as const

const condition = z.union([
  z.tuple([path, z.enum(OPERATORS), filterValue]),
  z.tuple([path, z.enum(LIST_OPERATORS), z.array(filterValue)]),
  z.tuple([path, z.enum(TREE_OPERATORS), z.union([filterValue, z.array(filterValue)])]),
])

/** Every operator has its operands: `|` and `&` two, `!` one. */
const isWholeDomain = (domain: readonly unknown[]): boolean => {
  let missing = 0
  for (const part of domain) {
    if (part === "|" || part === "&") missing = Math.max(missing, 1) + 1
    else if (part === "!") missing = Math.max(missing, 1)
    else missing = Math.max(missing, 1) - 1
  }
  return missing === 0
}

const domain = z
  .array(z.union([z.enum(["|", "&", "!"]), condition]))
  .refine(isWholeDomain, "expected a whole domain: an operator lacks its conditions")

export const odooSettingsSchema = z.object({
  /** `auto`: JSON-2 from Odoo 19 on when there is an API key, else JSON-RPC; never XML-RPC. */
  protocol: z.enum(["auto", "json2", "jsonrpc", "xmlrpc"]).default("auto"),
  /**
   * Which product templates take part. Field names with the value, or one of the values, that they
   * must have: own fields of `product.template`, many-to-one fields by id. Or a domain as Odoo has
   * them, `[["list_price", ">", 0], ["categ_id", "child_of", 7]]`, with paths into other models.
   */
  filter: z
    .union(
      [
        domain,
        z.record(z.string().regex(/^\w+$/), z.union([filterValue, z.array(filterValue).min(1)])),
      ],
      { error: 'fields with their values, or a whole domain such as [["list_price", ">", 0]]' },
    )
    .default({ sale_ok: true }),
  /** Id or name; the user's own company when absent. */
  company: z.union([z.number().int().positive(), z.string().min(1)]).optional(),
  /** Codes of the warehouses whose stock is read; all of the company's when absent. */
  warehouses: z.array(z.string().min(1)).min(1).optional(),
  /** Language of names and descriptions (`fr_FR`); the user's own when absent. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}(_[A-Za-z0-9]+)?(@\w+)?$/)
    .optional(),
  /** Rows per page of every stream; by default as many as fit well into memory. */
  page_size: z.number().int().min(1).max(5000).optional(),
})

export type OdooCredentials = z.infer<typeof odooCredentialsSchema>
export type OdooSettings = z.infer<typeof odooSettingsSchema>
export type OdooFilter = OdooSettings["filter"]

/**
 * @throws SyncError `config`, naming the option and what was expected, never the value: it may be
 * a secret
 */
export const parseOptions = <T>(what: string, schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const told = parsed.error.issues.map(
    ({ path, message }) => `${[what, ...path.map(String)].join(".")}: ${message}`,
  )
  throw new SyncError({
    kind: "config",
    code: "options_invalid",
    message: `The Odoo connection's options are not valid. ${told.join("; ")}`,
    remedy: "Correct the connection in the plugin's options.",
    scope: "connection",
  })
}
