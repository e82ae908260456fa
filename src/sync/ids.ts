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

export const erpId = (value: string | number): ErpId => String(value) as ErpId
export const medusaId = (value: string): MedusaId => value as MedusaId
export const connectionId = (value: string): ConnectionId => value as ConnectionId
