import { MetadataStorage } from "@medusajs/framework/mikro-orm/core"

// Suites share a process: entities that an earlier one registered must not reach the next.
MetadataStorage.clear()
