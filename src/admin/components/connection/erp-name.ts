const NAMES: { [erp: string]: string } = {
  odoo: "Odoo",
  "sap-s4hana": "SAP S/4HANA",
  netsuite: "NetSuite",
  "business-central": "Business Central",
  "finance-operations": "Finance and Operations",
  "1c": "1C",
}

/** The ERP as its vendor writes it; a custom connector's own name otherwise. */
export const erpName = (erp: string): string => NAMES[erp] ?? erp
