-- The ledger's own rules, kept by the database whoever writes to it.

-- A transfer is written once. Ids below 100 are the house's purses (models.House); they have no row.
CREATE OR REPLACE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END $$;

CREATE OR REPLACE TRIGGER billing_append_only BEFORE UPDATE OR DELETE ON billing_transfer
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_change();
CREATE OR REPLACE TRIGGER billing_no_truncate BEFORE TRUNCATE ON billing_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change();

-- Move what a transfer says. A purse that would fall below zero refuses (no_purse_is_below_zero).
-- Sources 1 to 3 are where credits come from: `granted` counts what came in from there.
CREATE OR REPLACE FUNCTION billing_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.source >= 100 THEN
        UPDATE billing_purse SET balance = balance - NEW.amount,
            granted = granted - CASE WHEN NEW.target IN (1, 2, 3, 6) THEN NEW.amount ELSE 0 END
        WHERE id = NEW.source;
        IF NOT FOUND THEN RAISE EXCEPTION 'there is no purse %', NEW.source; END IF;
    END IF;
    IF NEW.target >= 100 THEN
        UPDATE billing_purse SET balance = balance + NEW.amount,
            granted = granted + CASE WHEN NEW.source <= 3 THEN NEW.amount ELSE 0 END
        WHERE id = NEW.target;
        IF NOT FOUND THEN RAISE EXCEPTION 'there is no purse %', NEW.target; END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER billing_moves AFTER INSERT ON billing_transfer
    FOR EACH ROW EXECUTE FUNCTION billing_move();

-- The purse of that key, opened and filled up to `filled`, locked; null without a key.
CREATE OR REPLACE FUNCTION billing_filled_purse(
    wanted_key text, wanted_owner uuid, filled bigint, ends timestamptz, now_at timestamptz
) RETURNS billing_purse LANGUAGE plpgsql AS $$
DECLARE
    found billing_purse;
BEGIN
    IF wanted_key IS NULL THEN RETURN NULL; END IF;
    SELECT * INTO found FROM billing_purse WHERE key = wanted_key FOR NO KEY UPDATE;
    IF found.id IS NULL THEN
        IF filled = 0 THEN RETURN NULL; END IF;
        INSERT INTO billing_purse (key, owner, granted, balance, ends_at, opened_at)
        VALUES (wanted_key, wanted_owner, 0, 0, ends, now_at) ON CONFLICT (key) DO NOTHING;
        SELECT * INTO found FROM billing_purse WHERE key = wanted_key FOR NO KEY UPDATE;
    END IF;
    IF found.granted < filled THEN
        INSERT INTO billing_transfer (at, reason, source, target, amount, note)
        VALUES (now_at, 'allowance', 1, found.id, filled - found.granted, '');
        found.balance := found.balance + filled - found.granted;
        found.granted := filled;
    END IF;
    RETURN found;
END $$;

-- Set credits aside for a job: all of them, or an error OC402 whose detail says what there was.
-- First from the allowance `first`, then from what was bought, `second`; `network` counts besides.
-- A chat message is set aside for in the same way: its prices name `message`.
CREATE OR REPLACE FUNCTION billing_reserve(
    job_id uuid, needed bigint, job_prices jsonb, client uuid,
    first_key text, first_filled bigint, second_key text, network_key text, network_filled bigint,
    ends timestamptz, now_at timestamptz
) RETURNS TABLE (used bigint, cap bigint) LANGUAGE plpgsql AS $$
DECLARE
    first billing_purse;
    second billing_purse;
    network billing_purse;
    from_first bigint;
BEGIN
    first := billing_filled_purse(first_key, client, first_filled, ends, now_at);
    SELECT * INTO second FROM billing_purse WHERE key = second_key FOR NO KEY UPDATE;
    network := billing_filled_purse(network_key, client, network_filled, ends, now_at);
    used := coalesce(first.granted - first.balance, 0) + coalesce(second.granted - second.balance, 0);
    cap := coalesce(first.granted, 0) + coalesce(second.granted, 0);
    IF network.balance < first.balance THEN
        used := network.granted - network.balance;
        cap := network.granted;
    END IF;
    IF cap - used < needed THEN
        RAISE EXCEPTION 'out of credits' USING ERRCODE = 'OC402',
            DETAIL = jsonb_build_object('used', used, 'cap', cap, 'needed', needed)::text;
    END IF;
    from_first := least(needed, coalesce(first.balance, 0));
    INSERT INTO billing_transfer (at, reason, source, target, amount, job, note)
        SELECT now_at, moves.reason, moves.source, moves.target, moves.amount, job_id,
            CASE WHEN job_prices ? 'message' THEN 'chat message' ELSE '' END
        FROM (VALUES ('reserve', first.id, 4, from_first),
                     ('reserve', second.id, 4, needed - from_first),
                     ('count', network.id, 7, needed)) AS moves (reason, source, target, amount)
        WHERE moves.amount > 0 AND moves.source IS NOT NULL;
    INSERT INTO billing_hold (job, owner, first, second, network, from_second,
                              reserved, remaining, spent, prices, opened_at)
        VALUES (job_id, client, first.id, second.id, network.id, needed - from_first,
                needed, needed, 0, job_prices, now_at);
    used := used + needed;
    RETURN NEXT;
END $$;

-- Give back what a job did not spend; how much. Allowance is spent first, so what was bought comes back
-- first. Nothing happens the second time.
CREATE OR REPLACE FUNCTION billing_release(job_id uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    held billing_hold;
    to_second bigint;
BEGIN
    SELECT * INTO held FROM billing_hold WHERE job = job_id AND closed_at IS NULL FOR NO KEY UPDATE;
    IF held.job IS NULL THEN RETURN 0; END IF;
    to_second := least(held.remaining, held.from_second);
    INSERT INTO billing_transfer (at, reason, source, target, amount, job, note)
        SELECT now(), moves.reason, moves.source, moves.target, moves.amount, job_id,
            CASE WHEN held.about IS NULL THEN '' ELSE 'chat message' END
        FROM (VALUES ('release', 4, held.first, held.remaining - to_second),
                     ('release', 4, held.second, to_second),
                     ('count', 7, held.network, held.remaining)) AS moves (reason, source, target, amount)
        WHERE moves.amount > 0 AND moves.target IS NOT NULL;
    UPDATE billing_hold SET remaining = 0, closed_at = now() WHERE job = job_id;
    RETURN held.remaining;
END $$;

-- Charge a page that was read; with the last page the rest goes back.
CREATE OR REPLACE FUNCTION billing_settle(job_id uuid, page_index integer, amount bigint, is_last boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF amount > 0 THEN
        UPDATE billing_hold SET remaining = remaining - amount, spent = spent + amount
        WHERE job = job_id AND closed_at IS NULL;
        IF NOT FOUND THEN RAISE EXCEPTION 'nothing is held for job %', job_id; END IF;
        INSERT INTO billing_transfer (at, reason, source, target, amount, job, page, note)
        VALUES (now(), 'settle', 4, 5, amount, job_id, page_index, '');
    END IF;
    IF is_last THEN PERFORM billing_release(job_id); END IF;
END $$;

-- Charge a chat message that was answered: all that was set aside for it.
CREATE OR REPLACE FUNCTION billing_settle_message(message_id uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    held billing_hold;
BEGIN
    SELECT * INTO held FROM billing_hold
        WHERE job = message_id AND about IS NOT NULL AND closed_at IS NULL FOR NO KEY UPDATE;
    IF held.job IS NULL THEN RAISE EXCEPTION 'nothing is held for message %', message_id; END IF;
    INSERT INTO billing_transfer (at, reason, source, target, amount, job, page, note)
        VALUES (now(), 'settle', 4, 5, held.remaining, message_id, 0, 'chat message');
    UPDATE billing_hold SET remaining = 0, spent = held.remaining, closed_at = now() WHERE job = message_id;
    RETURN held.remaining;
END $$;
