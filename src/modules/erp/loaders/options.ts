import { asValue } from "@medusajs/framework/awilix"
import type { LoaderOptions } from "@medusajs/framework/types"
import { parseOptions } from "../options"

/** Key of the parsed options in the module's container. */
export const ERP_OPTIONS = "erpOptions"

/**
 * Reads the options once, at boot. Only here can a wrong one stop it: migrations never get this far,
 * and tables may not be there yet.
 */
export default async function loadOptions({ container, options }: LoaderOptions): Promise<void> {
  container.register(ERP_OPTIONS, asValue(parseOptions(options)))
}
