export { createOdooConnector } from "./connector"
export { odooCredentialsSchema, odooSettingsSchema } from "./settings"
export type { OdooCredentials, OdooSettings } from "./settings"
