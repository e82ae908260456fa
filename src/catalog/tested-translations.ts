import type { Schema } from "./schema-fingerprint"

/** The tables of Medusa's translation module, where a store has it: 2.21.2. See `TESTED_SCHEMA`. */
export const TESTED_TRANSLATIONS: Schema = {
  translation: {
    columns: {
      created_at: "timestamp with time zone not null default",
      deleted_at: "timestamp with time zone",
      id: "text not null",
      locale_code: "text not null",
      reference: "text not null",
      reference_id: "text not null",
      translated_field_count: "integer not null default",
      translations: "jsonb not null",
      updated_at: "timestamp with time zone not null default",
    },
    unique: ["btree (id)", "btree (reference_id, locale_code) WHERE (deleted_at IS NULL)"],
  },
  translation_settings: {
    columns: {
      created_at: "timestamp with time zone not null default",
      deleted_at: "timestamp with time zone",
      entity_type: "text not null",
      fields: "jsonb not null",
      id: "text not null",
      is_active: "boolean not null default",
      updated_at: "timestamp with time zone not null default",
    },
    unique: ["btree (entity_type) WHERE (deleted_at IS NULL)", "btree (id)"],
  },
}
