import { Migration } from "@medusajs/framework/mikro-orm/migrations"

/** How far the clock of each process is off: the store stamps its rows by it. */
export class Migration20261124180000_erp extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table "erp_instance" add column if not exists "clock_ahead_ms" double precision null`,
    )
  }

  override async down(): Promise<void> {
    this.addSql(`alter table "erp_instance" drop column if exists "clock_ahead_ms"`)
  }
}
