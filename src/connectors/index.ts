import type { ConnectorFactory } from "./contract"
import { createOdooConnector } from "./odoo"

export * from "./contract"

/** Connectors that the options name by `erp`. */
export const CONNECTORS: Readonly<Record<string, ConnectorFactory>> = {
  odoo: createOdooConnector,
}
