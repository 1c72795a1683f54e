"""Let the database keep the ledger: entries book themselves into balances, and neither is changed otherwise."""

from django.db import migrations

BOOK = """
CREATE FUNCTION cloud_ledger_book() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held bigint;
BEGIN
    IF NEW.voucher_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM cloud_voucher WHERE id = NEW.voucher_id AND fund_id = NEW.fund_id
    ) THEN
        RAISE EXCEPTION 'a voucher moves the money of its own fund' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE cloud_fund SET
        budget_fen = budget_fen + NEW.amount_fen
            * ((NEW.from_account = 'outside')::int - (NEW.to_account = 'outside')::int),
        available_fen = available_fen + NEW.amount_fen
            * ((NEW.to_account = 'available')::int - (NEW.from_account = 'available')::int),
        reserved_fen = reserved_fen + NEW.amount_fen
            * ((NEW.to_account = 'reserved')::int - (NEW.from_account = 'reserved')::int),
        issued_fen = issued_fen + NEW.amount_fen
            * ((NEW.to_account = 'issued')::int - (NEW.from_account = 'issued')::int),
        redeemed_fen = redeemed_fen + NEW.amount_fen
            * ((NEW.to_account = 'redeemed')::int - (NEW.from_account = 'redeemed')::int),
        settled_fen = settled_fen + NEW.amount_fen
            * ((NEW.to_account = 'settled')::int - (NEW.from_account = 'settled')::int),
        written_off_fen = written_off_fen + NEW.amount_fen
            * ((NEW.to_account = 'written_off')::int - (NEW.from_account = 'written_off')::int)
    WHERE id = NEW.fund_id;
    -- After the update: the row lock of the fund puts all entries of one voucher in a row.
    IF NEW.voucher_id IS NOT NULL AND NEW.from_account <> 'available' THEN
        SELECT coalesce(sum(CASE WHEN to_account = NEW.from_account THEN amount_fen ELSE -amount_fen END), 0)
        INTO held FROM cloud_ledgerentry
        WHERE voucher_id = NEW.voucher_id AND NEW.from_account IN (from_account, to_account);
        IF held < 0 THEN
            RAISE EXCEPTION 'voucher holds too little in %', NEW.from_account
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_voucher_holds_enough';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cloud_ledger_book AFTER INSERT ON cloud_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION cloud_ledger_book();
"""
APPEND_ONLY = """
CREATE FUNCTION cloud_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger entries are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER cloud_ledger_append_only BEFORE UPDATE OR DELETE ON cloud_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION cloud_ledger_append_only();
CREATE TRIGGER cloud_ledger_never_emptied BEFORE TRUNCATE ON cloud_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION cloud_ledger_append_only();
"""
BALANCES = """
CREATE FUNCTION cloud_fund_moves_by_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.budget_fen, NEW.available_fen, NEW.reserved_fen, NEW.issued_fen, NEW.redeemed_fen,
            NEW.settled_fen, NEW.written_off_fen) <> (0, 0, 0, 0, 0, 0, 0) THEN
            RAISE EXCEPTION 'a fund begins empty' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF pg_trigger_depth() < 2 AND (NEW.budget_fen, NEW.available_fen, NEW.reserved_fen, NEW.issued_fen,
            NEW.redeemed_fen, NEW.settled_fen, NEW.written_off_fen)
        IS DISTINCT FROM (OLD.budget_fen, OLD.available_fen, OLD.reserved_fen, OLD.issued_fen,
            OLD.redeemed_fen, OLD.settled_fen, OLD.written_off_fen) THEN
        RAISE EXCEPTION 'balances are moved by entries only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cloud_fund_moves_by_entries BEFORE INSERT OR UPDATE ON cloud_fund
    FOR EACH ROW EXECUTE FUNCTION cloud_fund_moves_by_entries();
"""
FACE = """
CREATE FUNCTION cloud_voucher_keeps_its_face() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.amount_fen, NEW.cap_fen, NEW.rate_percent, NEW.fund_id, NEW.enterprise_id,
            NEW.programme_id)
        IS DISTINCT FROM (OLD.amount_fen, OLD.cap_fen, OLD.rate_percent, OLD.fund_id, OLD.enterprise_id,
            OLD.programme_id) THEN
        RAISE EXCEPTION 'what a voucher is worth never changes once it is submitted'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cloud_voucher_keeps_its_face BEFORE UPDATE ON cloud_voucher
    FOR EACH ROW EXECUTE FUNCTION cloud_voucher_keeps_its_face();
"""
UNDO = """
DROP TRIGGER cloud_voucher_keeps_its_face ON cloud_voucher;
DROP FUNCTION cloud_voucher_keeps_its_face();
DROP TRIGGER cloud_fund_moves_by_entries ON cloud_fund;
DROP FUNCTION cloud_fund_moves_by_entries();
DROP TRIGGER cloud_ledger_never_emptied ON cloud_ledgerentry;
DROP TRIGGER cloud_ledger_append_only ON cloud_ledgerentry;
DROP FUNCTION cloud_ledger_append_only();
DROP TRIGGER cloud_ledger_book ON cloud_ledgerentry;
DROP FUNCTION cloud_ledger_book();
"""


class Migration(migrations.Migration):
    dependencies = [("cloud", "0003_programmes_vouchers_ledger")]

    operations = [migrations.RunSQL(BOOK + APPEND_ONLY + BALANCES + FACE, UNDO)]
