-- A copy of the database prints no receipts for the tax office.
UPDATE res_company
   SET salon_fiscal_provider = NULL, salon_fiscal_url = NULL, salon_fiscal_token = NULL;
