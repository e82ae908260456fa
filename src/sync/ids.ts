/**
 * Branded ids. One brand per side, so that a value of one side can never be used as a key of the
 * other by accident: the compiler refuses it.
 */
declare const brand: unique symbol
type Branded<B extends string> = string & { readonly [brand]: B }

/** Id of a record in the ERP, always text, stable under renumbering (Odoo `id`, `SystemId`, `Ref_Key`). */
export type ErpId = Branded<"ErpId">

/** Id of a record in Medusa (`prod_…`, `variant_…`, `pcat_…`). */
export type MedusaId = Branded<"MedusaId">

/** Id of a connection as configured in the options. */
export type ConnectionId = Branded<"ConnectionId">

/**
 * A product that the store has and the ERP does not have yet goes by a key of ours, made of its id in
 * the store, until the ERP gives it one.
 */
export const NEW_PREFIX = "new:"
export const newKey = (id: MedusaId): ErpId => `${NEW_PREFIX}${id}` as ErpId
export const isNewKey = (id: ErpId): boolean => id.startsWith(NEW_PREFIX)
export const idOfNew = (key: ErpId): MedusaId => key.slice(NEW_PREFIX.length) as MedusaId

export const erpId = (value: string | number): ErpId => String(value) as ErpId
export const medusaId = (value: string): MedusaId => value as MedusaId
export const connectionId = (value: string): ConnectionId => value as ConnectionId
