"""A voucher that was submitted may change its enterprise in one case: the two were merged, or the merge undone."""

from django.db import migrations

FACE = """
CREATE OR REPLACE FUNCTION cloud_voucher_keeps_its_face() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.amount_fen, NEW.cap_fen, NEW.rate_percent, NEW.fund_id, NEW.programme_id)
        IS DISTINCT FROM (OLD.amount_fen, OLD.cap_fen, OLD.rate_percent, OLD.fund_id, OLD.programme_id) THEN
        RAISE EXCEPTION 'what a voucher is worth never changes once it is submitted'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'draft' AND NEW.enterprise_id <> OLD.enterprise_id AND NOT EXISTS (
        SELECT FROM enterprises_enterprise AS merged
        WHERE (merged.id, merged.merged_into_id) IN
            ((OLD.enterprise_id, NEW.enterprise_id), (NEW.enterprise_id, OLD.enterprise_id))
    ) THEN
        RAISE EXCEPTION 'a voucher never changes its enterprise once it is submitted'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION cloud_voucher_keeps_its_face() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("cloud", "0005_conversion_projects"), ("enterprises", "0005_merge_enterprises")]

    operations = [migrations.RunSQL(FACE, AS_BEFORE)]
