import { ConnectorFactory, HttpOptions } from "../../../connectors/contract"
import { ConnectionRow } from "../../../engine/ports"
import { AttributeMapping } from "../../../sync/attributes"
import { Guards } from "../../../sync/guards"
import { ConnectionId } from "../../../sync/ids"
import { CountedOrders, PriceMapping, Rules, StockBasis } from "../../../sync/rules"
import { Schedule } from "../../../sync/schedule"
import { LanguageMapping } from "../../../sync/translations"
import { FieldName, Owner } from "../../../sync/values"
import { AttributeInput } from "./attributes"

/** A time span such as `"90s"`, `"5m"`, `"1h"`, `"24h"` or `"7d"`. */
export type Duration = string

/** A connector of your own; the guide to writing one is in the documentation. */
export interface CustomConnector {
  /** Name of the ERP, as the admin shows it. */
  erp: string
  create: ConnectorFactory
}

/** The options of the plugin, as `medusa-config.ts` has them. */
export interface ErpPluginOptions {
  connections: ConnectionInput[]
  /** How long finished things are kept. */
  retention?: {
    /** Entries of the journal. @defaultValue "90d" */
    journal?: Duration
    /** Finished runs. @defaultValue "30d" */
    runs?: Duration
  }
}

/** A price list of the store, by one of its id or its title. */
export interface PriceListOption {
  id?: string | undefined
  /** A list of this title is taken; where there is none, it is made. */
  title?: string | undefined
  /** What one that is made does to base prices. @defaultValue "override" */
  type: "override" | "sale"
  /** Names or ids of customer groups that one that is made is for. @defaultValue everybody */
  customer_groups: string[]
}

/** One ERP instance and company. */
export interface ConnectionInput {
  /** Names the connection for good: links hang on it. Lower-case letters, digits and hyphens. */
  id: string
  erp: "odoo" | ConnectorFactory | CustomConnector
  /** How to reach the ERP, from the environment. What is missing pauses the connection, not the boot. */
  credentials?: Record<string, unknown>
  /** Which ERP records take part, in the ERP's own terms. The same as `settings.filter`. */
  filter?: unknown
  /** Options that only this ERP knows: `protocol`, `company`, `language` … */
  settings?: Record<string, unknown>
  /**
   * Who decides about a field when the sides differ. By default the ERP does about `sku`, `barcode`,
   * `weight`, `price`, `stock` and `images`, and both do about the others.
   */
  fields?: {
    title?: Owner
    description?: Owner
    categories?: Owner
    /** Tags are synced where it is said whose they are. */
    tags?: Owner
    variant_title?: Owner
    /** Names of options and of their values. */
    option_title?: "erp" | "both"
    sku?: Owner
    barcode?: Owner
    weight?: Owner
    price?: Owner
    /** Tiers in price lists. @defaultValue that of `price` */
    price_list?: Owner
    stock?: "erp" | "medusa"
    images?: Owner
    /**
     * The title or description of one language (`title:fr-FR`); without it, who owns the title owns it in
     * every language.
     *
     * Characteristics and custom fields, by the place where they stand in the store: a column of the
     * product (`material`, `hs_code`, `origin_country` …), a key of its metadata (`metadata.fabric`), or
     * the same of its variants (`variant.metadata.fabric`).
     */
    [place: string]: Owner | AttributeInput | undefined
  }
  /**
   * Further languages of titles and descriptions: locales of the store with the ERP's codes, such as
   * `{ "fr-FR": "fr_FR" }`. Needs Medusa's translation module.
   */
  languages?: { [locale: string]: string }
  /**
   * Edits of the store are written to the ERP: `true`, or an object that lets more go there. Where
   * records are linked already, what would be sent first is shown, and waits for approval.
   * @defaultValue false
   */
  push?:
    | boolean
    | {
        /** New products of the store are created in the ERP. @defaultValue false */
        create?: boolean
        /** Edits of stock go to the ERP as inventory counts. @defaultValue false */
        stock?: boolean
      }
  /**
   * Images of products are brought into the store, where the ERP's connector has them: `false` leaves them out.
   * @defaultValue true
   */
  images?:
    | boolean
    | {
        /** Larger images park. @defaultValue 10_000_000 */
        max_bytes?: number
      }
  /** How new products are created. */
  create?: {
    /** @defaultValue "draft" */
    status?: "draft" | "proposed" | "published"
    /** Names or ids. By default the store's default sales channel. */
    sales_channels?: string[]
    /** Name or id. By default the store's default shipping profile. */
    shipping_profile?: string
    /** Create products that are archived in the ERP when they are first seen. @defaultValue false */
    archived?: boolean
  }
  /** How ERP variants find variants that the store already has. @defaultValue "sku" */
  match?: Rules["match"]
  /** Who wins when a pair is linked and a field that both own differs. @defaultValue "erp" */
  first_link?: Rules["first_link"]
  /** Who wins when both sides changed a field that both own. @defaultValue "erp" */
  conflicts?: Rules["conflicts"]
  /** What happens to an edit in Medusa of a field that the ERP owns. @defaultValue "enforce" */
  foreign_edits?: Rules["foreign_edits"]
  /** What happens in Medusa to a record that is gone from the ERP. @defaultValue "draft" */
  gone?: Rules["gone"]
  /** What happens in the ERP to a record that was deleted in the store. @defaultValue "ignore" */
  deleted?: Rules["deleted"]
  /** Which ERP price lists become which currencies. By default the plain sales price, in its currency. */
  prices?: {
    /** `"list"` is the plain sales price; Odoo: `"pricelist:7"`, `"pricelist:Retail"`. @defaultValue "list" */
    erp?: string
    /** ISO 4217. */
    currency: string
    /** @defaultValue "half-up" */
    rounding?: "half-up" | "half-even" | "down" | "up"
    /** Its prices go, with their quantities, into this price list of the store, and not into base prices. */
    price_list?: Partial<PriceListOption>
  }[]
  /** Which warehouses become which stock locations; several may be summed into one. */
  stock?: {
    /** Code or name of the warehouse. */
    erp: string
    /** Name or id of the stock location. */
    location: string
    /** @defaultValue "available" */
    basis?: StockBasis
  }[]
  /** Which web orders the ERP's stock figures already count. */
  orders?: {
    /** @defaultValue "fulfilled" */
    counted?: CountedOrders
    /** When a fulfilment counts as issued in the ERP. @defaultValue "24h" */
    settle_after?: Duration
    /** When a placed order counts as reserved in the ERP. @defaultValue "1h" */
    lag?: Duration
  }
  /** How often each stream is polled, at least a minute. */
  schedule?: {
    /** @defaultValue "1h" */
    categories?: Duration
    /** @defaultValue "1h" */
    products?: Duration
    /** @defaultValue "15m" */
    prices?: Duration
    /** @defaultValue "5m" */
    stock?: Duration
    /** @defaultValue "1h" */
    images?: Duration
    /** How often all records are compared. @defaultValue "24h" */
    sweep?: Duration
  }
  /** Unit of the store's weights. @defaultValue "g" */
  weight_unit?: Rules["weight_unit"]
  /** Transport: time-out, requests at once and per second, proxy, certificates. */
  http?: HttpOptions
  /** How far a day's destructive changes may go before a person is asked. */
  guards?: {
    /** Percent of the linked products that may be archived or deleted. @defaultValue 5 */
    gone_percent?: number
    /** Percent of the price rows that may move by more than half, per direction. @defaultValue 30 */
    price_percent?: number
    /** Percent of the stock levels that may fall to 0 because the ERP names them no more. @defaultValue 20 */
    absent_percent?: number
  }
  /** `native` writes values through Medusa's workflows: slower, and hooks run. @defaultValue "sql" */
  writer?: "sql" | "native"
}

/** A connection as the plugin works with it: defaults filled in, time spans in milliseconds. */
export interface ConnectionOptions {
  id: ConnectionId
  /** Name of the ERP. */
  erp: string
  factory: ConnectorFactory
  credentials: Record<string, unknown>
  settings: Record<string, unknown>
  http: HttpOptions
  /** Why it cannot work as configured, null when it can. */
  problem: ConnectionRow["reason"]
  /** The owners that were set, by field or family of fields. */
  owners: { readonly [field: FieldName]: Owner }
  /** Characteristics and custom fields that are synced. */
  attributes: AttributeMapping[]
  /** Further languages of the store. */
  languages: LanguageMapping[]
  /** False: edits of the store wait. */
  push: false | { create: boolean; stock: boolean }
  /** False: images are left out. */
  images: false | { max_bytes: number }
  create: {
    status: "draft" | "proposed" | "published"
    /** Null: the store's default. */
    sales_channels: string[] | null
    /** Null: the store's default. */
    shipping_profile: string | null
    archived: boolean
  }
  match: Rules["match"]
  first_link: Rules["first_link"]
  conflicts: Rules["conflicts"]
  foreign_edits: Rules["foreign_edits"]
  gone: Rules["gone"]
  deleted: Rules["deleted"]
  /** Null: the ERP's plain sales price in its own currency. */
  prices: (Omit<PriceMapping, "digits"> & { price_list?: PriceListOption | undefined })[] | null
  /** Null: nothing was said about stock. */
  stock: { erp: string; location: string; basis: StockBasis }[] | null
  orders: { counted: CountedOrders; settle_after_ms: number; lag_ms: number }
  schedule: Schedule
  weight_unit: Rules["weight_unit"]
  guards: Guards
  writer: "sql" | "native"
}

/** The plugin's options as it works with them. */
export interface ErpOptions {
  connections: ConnectionOptions[]
  retention: { journal_ms: number; runs_ms: number }
}
