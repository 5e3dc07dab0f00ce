//! The tables, as the migrations leave them; a test compares.

diesel::table! {
    households (key) {
        key -> Text,
        facts_seq -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    household_saves (household_key, seq) {
        household_key -> Text,
        seq -> BigInt,
        recorded_at -> Timestamp,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        recorded_by -> Nullable<Text>,
        chain_seq -> Nullable<BigInt>,
        digest -> Nullable<Text>,
        hash -> Nullable<Text>,
    }
}

diesel::table! {
    household_details (household_key, seq, line) {
        household_key -> Text,
        seq -> BigInt,
        line -> BigInt,
        place -> Nullable<Text>,
        town -> Nullable<Text>,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        closed_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    persons (household_key, key) {
        household_key -> Text,
        key -> Text,
        first_seq -> BigInt,
    }
}

diesel::table! {
    person_details (household_key, seq, line) {
        household_key -> Text,
        seq -> BigInt,
        line -> BigInt,
        person_key -> Text,
        position -> BigInt,
        name -> Nullable<Text>,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        closed_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    identity_records (household_key, seq, line) {
        household_key -> Text,
        seq -> BigInt,
        line -> BigInt,
        person_key -> Nullable<Text>,
        position -> BigInt,
        identity -> Text,
        held_since -> Date,
        held_until -> Nullable<Date>,
        source -> Nullable<Text>,
        evidence -> Nullable<Text>,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        closed_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    facts (household_key, seq, line) {
        household_key -> Text,
        seq -> BigInt,
        line -> BigInt,
        person_key -> Nullable<Text>,
        fact -> Text,
        number -> Nullable<BigInt>,
        codes -> Nullable<Text>,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        closed_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    ledger_entries (household_key, seq) {
        household_key -> Text,
        seq -> BigInt,
        kind -> Text,
        idempotency_key -> Text,
        request_hash -> Text,
        reverses -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        beneficiary -> Nullable<Text>,
        offer -> Text,
        identity -> Text,
        covers -> Text,
        covers_from -> Date,
        covers_until -> Date,
        expense -> Nullable<BigInt>,
        slots -> Text,
        delivered_on -> Date,
        department -> Text,
        actor -> Text,
        facts_seq -> BigInt,
        catalogue -> Text,
        engine -> Text,
        recorded_at -> Timestamp,
        hash -> Text,
    }
}

diesel::table! {
    ledger_lines (household_key, seq, line) {
        household_key -> Text,
        seq -> BigInt,
        line -> BigInt,
        measure -> Text,
        standard -> Text,
        paid -> Nullable<BigInt>,
    }
}

diesel::table! {
    ledger_heads (household_key) {
        household_key -> Text,
        entries -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    delivery_slots (household_key, name, subject, month) {
        household_key -> Text,
        name -> Text,
        subject -> Text,
        month -> Date,
        holder -> Text,
        entry -> BigInt,
        deliveries -> BigInt,
    }
}

diesel::table! {
    claim_accounts (household_key, beneficiary, offer, year) {
        household_key -> Text,
        beneficiary -> Text,
        offer -> Text,
        year -> BigInt,
        claims -> BigInt,
        expense -> BigInt,
    }
}

diesel::table! {
    claim_payments (household_key, beneficiary, offer, year, measure) {
        household_key -> Text,
        beneficiary -> Text,
        offer -> Text,
        year -> BigInt,
        measure -> Text,
        paid -> BigInt,
    }
}

diesel::table! {
    audit_entries (seq) {
        seq -> BigInt,
        recorded_at -> Timestamp,
        subject -> Text,
        roles -> Text,
        purpose -> Nullable<Text>,
        action -> Text,
        object -> Nullable<Text>,
        outcome -> Text,
        hash -> Text,
    }
}

diesel::table! {
    audit_heads (id) {
        id -> BigInt,
        entries -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    policy_texts (hash) {
        hash -> Text,
        text -> Text,
    }
}

diesel::table! {
    catalogue_versions (seq) {
        seq -> BigInt,
        catalogue -> Text,
        recorded_at -> Timestamp,
        recorded_by -> Text,
    }
}

diesel::table! {
    catalogue_files (seq, path) {
        seq -> BigInt,
        path -> Text,
        text_hash -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(catalogue_files, policy_texts);

diesel::table! {
    proposals (id) {
        id -> BigInt,
        path -> Text,
        text_hash -> Text,
        department -> Nullable<Text>,
        base -> BigInt,
        correction -> Bool,
    }
}

diesel::table! {
    proposal_steps (proposal, step) {
        proposal -> BigInt,
        step -> BigInt,
        state -> Text,
        subject -> Text,
        recorded_at -> Timestamp,
        reason -> Nullable<Text>,
        catalogue_seq -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(proposals, proposal_steps, policy_texts);

diesel::table! {
    chain_events (household_key, seq) {
        household_key -> Text,
        seq -> BigInt,
        position -> BigInt,
        kind -> Text,
        place -> Nullable<Text>,
        town -> Nullable<Text>,
        on_day -> Date,
        facts_seq -> BigInt,
        content -> Text,
        catalogue -> Text,
        engine -> Text,
        actor -> Text,
        recorded_at -> Timestamp,
        hash -> Text,
    }
}

diesel::table! {
    chain_positions (id) {
        id -> BigInt,
        last -> BigInt,
    }
}

diesel::table! {
    imports (seq) {
        seq -> BigInt,
        registry -> Text,
        as_of -> Date,
        complete -> Bool,
        imported_by -> Text,
        imported_at -> Timestamp,
        keys_check -> Text,
        rows_new -> BigInt,
        rows_changed -> BigInt,
        rows_unchanged -> BigInt,
        rows_ended -> BigInt,
        rows_refused -> BigInt,
    }
}

diesel::table! {
    import_files (seq, file) {
        seq -> BigInt,
        file -> BigInt,
        sha256 -> Text,
    }
}

diesel::table! {
    registry_rows (seq, number) {
        seq -> BigInt,
        number -> BigInt,
        file -> BigInt,
        line -> BigInt,
        registry -> Text,
        household_no -> Text,
        region -> Text,
        person -> Text,
        name -> Text,
        id_key -> Nullable<BigInt>,
        id_sealed -> Nullable<Text>,
        birth_date -> Nullable<Date>,
        identity -> Nullable<Text>,
        of_household -> Nullable<Bool>,
        held_since -> Nullable<Date>,
        held_until -> Nullable<Date>,
        evidence -> Nullable<Text>,
        facts -> Text,
        stated_seq -> BigInt,
        closed_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    match_proposals (seq) {
        seq -> BigInt,
        social_assistance -> Text,
        monitoring -> Text,
        rule -> Text,
        proposed_at -> Timestamp,
    }
}

diesel::table! {
    match_decisions (proposal, number) {
        proposal -> BigInt,
        number -> BigInt,
        accepted -> Bool,
        decided_by -> Text,
        decided_at -> Timestamp,
        reason -> Text,
    }
}

diesel::table! {
    merges (seq) {
        seq -> BigInt,
        merged_by -> Text,
        merged_at -> Timestamp,
        valid_from -> Date,
        created -> BigInt,
        changed -> BigInt,
        ended -> BigInt,
    }
}

diesel::table! {
    merged_households (registry, household_no, merge_seq) {
        registry -> Text,
        household_no -> Text,
        merge_seq -> BigInt,
        household_key -> Text,
    }
}

diesel::table! {
    merged_persons (household_key, person, merge_seq) {
        household_key -> Text,
        person -> Text,
        person_key -> Text,
        merge_seq -> BigInt,
    }
}

diesel::table! {
    merged_contents (household_key, merge_seq) {
        household_key -> Text,
        merge_seq -> BigInt,
        content -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(ledger_entries, ledger_lines, household_details);
diesel::allow_columns_to_appear_in_same_group_by_clause!(
    ledger_lines::measure,
    ledger_entries::covers,
    ledger_entries::kind,
);
