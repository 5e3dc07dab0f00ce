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
