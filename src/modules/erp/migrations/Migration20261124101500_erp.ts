import { Migration } from "@medusajs/framework/mikro-orm/migrations"

/** How often in a row a key's claim was lost with its process. */
export class Migration20261124101500_erp extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table "erp_dirty" add column if not exists "losses" integer not null default 0`,
    )
  }

  override async down(): Promise<void> {
    this.addSql(`alter table "erp_dirty" drop column if exists "losses"`)
  }
}
