import { NOW } from "./sql"

/**
 * A part of a statement that claims: notes with the claimer's instance that it took something, in the
 * same round trip. The rows it took are `claimed`; its id is bound. An owner that is no instance, such as
 * a script's, leaves no note.
 */
export const NOTED = `noted as (
    update erp_instance set last_claim_at = ${NOW} where id = ? and exists (select from claimed)
  )`
