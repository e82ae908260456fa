import { decide, Decision } from "./decide"
import { fieldRule } from "./field-rules"
import { sameMeaning } from "./fingerprint"
import { Rules } from "./rules"
import { FieldName, FieldValue, Link } from "./values"

/** One field as both sides hold it now. */
export interface FieldReading {
  field: FieldName
  erp: FieldValue
  medusa: FieldValue
  /** Medusa's name of the field where it differs: `category:<medusa id>`. */
  medusa_field?: FieldName
  /** The name under which the options set its owner, where it differs. */
  owner_key?: string
}

export interface FieldPlan {
  field: FieldName
  medusa_field: FieldName
  /** The base was made under other rules and does not count. */
  voided: boolean
  decision: Decision
}

/**
 * Decides every field of a link on its own. Bases made under other rules are void: the rules of the
 * first link apply to them.
 */
export const planFields = (
  rules: Rules,
  link: Link,
  readings: FieldReading[],
  now: string,
): FieldPlan[] => {
  return readings.map((reading) => {
    const valid = sameMeaning(link.fingerprint, rules.fingerprint, reading.field)
    return {
      field: reading.field,
      medusa_field: reading.medusa_field ?? reading.field,
      voided: !valid,
      decision: decide(
        {
          erp: reading.erp,
          medusa: reading.medusa,
          base_erp: valid ? link.base_erp[reading.field] : undefined,
          base_medusa: valid ? link.base_medusa[reading.field] : undefined,
          intent: link.intents[reading.field],
          replaced: link.replaced[reading.field],
          now,
        },
        fieldRule(rules, reading.field, reading.owner_key),
      ),
    }
  })
}
