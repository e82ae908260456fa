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

export const odooSettingsSchema = z.object({
  /** `auto`: JSON-2 from Odoo 19 on when there is an API key, else JSON-RPC; never XML-RPC. */
  protocol: z.enum(["auto", "json2", "jsonrpc", "xmlrpc"]).default("auto"),
  /**
   * Which product templates take part: field names with the value, or one of the values, that they
   * must have. Only own fields of `product.template`; many-to-one fields by id.
   */
  filter: z
    .record(z.string().regex(/^\w+$/), z.union([filterValue, z.array(filterValue).min(1)]))
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
