//! Who plays in the demo.

/// Which identity provider's dialect speaks for a person or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Okta,
    Entra,
}

/// A person of the cast.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    pub(super) login: &'static str,
    pub(super) department: &'static str,
    pub(super) mobile: &'static str,
    pub(super) city: &'static str,
    pub(super) country: &'static str,
    pub(super) dialect: Dialect,
}

impl Person {
    pub(super) fn user_name(&self) -> String {
        format!("{}@corp.example", self.login)
    }

    pub(super) fn display_name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

const fn person(
    [given, family, login]: [&'static str; 3],
    department: &'static str,
    mobile: &'static str,
    [city, country]: [&'static str; 2],
    dialect: Dialect,
) -> Person {
    Person {
        given,
        family,
        login,
        department,
        mobile,
        city,
        country,
        dialect,
    }
}

use Dialect::{Entra, Okta};

/// Twenty-four people.
pub(super) const PEOPLE: [Person; 24] = [
    person(
        ["Jane", "Doe", "jane.doe"],
        "Storage",
        "+1 212 555 0101",
        ["New York", "US"],
        Okta,
    ),
    person(
        ["Mira", "Lindqvist", "mira.lindqvist"],
        "Grid",
        "+46 70 000 17 17",
        ["Umeå", "SE"],
        Entra,
    ),
    person(
        ["Idris", "Vale", "idris.vale"],
        "Network",
        "+44 7700 900111",
        ["Leeds", "GB"],
        Okta,
    ),
    person(
        ["Greta", "Moss", "greta.moss"],
        "Platform",
        "+49 151 5550123",
        ["Kiel", "DE"],
        Entra,
    ),
    person(
        ["Ola", "Quist", "ola.quist"],
        "Storage",
        "+47 406 55 501",
        ["Bergen", "NO"],
        Okta,
    ),
    person(
        ["Paula", "Stein", "paula.stein"],
        "Network",
        "+43 660 5550199",
        ["Graz", "AT"],
        Entra,
    ),
    person(
        ["Sven", "Holt", "sven.holt"],
        "Platform",
        "+45 20 55 50 12",
        ["Aarhus", "DK"],
        Okta,
    ),
    person(
        ["Berit", "Voss", "berit.voss"],
        "Storage",
        "+47 412 55 502",
        ["Oslo", "NO"],
        Entra,
    ),
    person(
        ["Carl", "Ahlgren", "carl.ahlgren"],
        "Grid",
        "+46 70 000 17 18",
        ["Lund", "SE"],
        Okta,
    ),
    person(
        ["Rut", "Amsel", "rut.amsel"],
        "Network",
        "+49 151 5550124",
        ["Jena", "DE"],
        Entra,
    ),
    person(
        ["Ines", "Marlow", "ines.marlow"],
        "Platform",
        "+351 912 555 010",
        ["Porto", "PT"],
        Okta,
    ),
    person(
        ["Tomas", "Novak", "tomas.novak"],
        "Storage",
        "+420 601 555 011",
        ["Brno", "CZ"],
        Entra,
    ),
    person(
        ["Aiko", "Tanaka", "aiko.tanaka"],
        "Network",
        "+81 90 5550 0112",
        ["Osaka", "JP"],
        Okta,
    ),
    person(
        ["Zoë", "Brandt", "zoe.brandt"],
        "Grid",
        "+31 6 5550 0113",
        ["Delft", "NL"],
        Entra,
    ),
    person(
        ["Liam", "O'Hara", "liam.ohara"],
        "Platform",
        "+353 85 555 0114",
        ["Cork", "IE"],
        Okta,
    ),
    person(
        ["Nadia", "Haddad", "nadia.haddad"],
        "Storage",
        "+33 6 55 50 01 15",
        ["Lyon", "FR"],
        Entra,
    ),
    person(
        ["Pedro", "Sousa", "pedro.sousa"],
        "Network",
        "+55 11 95550 0116",
        ["Santos", "BR"],
        Okta,
    ),
    person(
        ["Hana", "Kim", "hana.kim"],
        "Platform",
        "+82 10 5550 0117",
        ["Busan", "KR"],
        Entra,
    ),
    person(
        ["Viktor", "Petrov", "viktor.petrov"],
        "Grid",
        "+359 88 555 0118",
        ["Sofia", "BG"],
        Okta,
    ),
    person(
        ["Elif", "Demir", "elif.demir"],
        "Storage",
        "+90 532 555 0119",
        ["Izmir", "TR"],
        Entra,
    ),
    person(
        ["Noah", "Weber", "noah.weber"],
        "Network",
        "+41 79 555 01 20",
        ["Basel", "CH"],
        Okta,
    ),
    person(
        ["Aino", "Laine", "aino.laine"],
        "Platform",
        "+358 40 5550121",
        ["Oulu", "FI"],
        Entra,
    ),
    person(
        ["Diego", "Ruiz", "diego.ruiz"],
        "Storage",
        "+34 612 555 012",
        ["Bilbao", "ES"],
        Okta,
    ),
    person(
        ["Maya", "Shah", "maya.shah"],
        "Grid",
        "+91 98555 00123",
        ["Pune", "IN"],
        Entra,
    ),
];

/// A group and the positions of its members in [`PEOPLE`].
pub(super) struct Team {
    pub(super) display_name: &'static str,
    pub(super) members: &'static [usize],
    pub(super) dialect: Dialect,
}

/// Four groups. The demo's array takes its roles from the first two.
pub(super) const TEAMS: [Team; 4] = [
    Team {
        display_name: "storage-admins",
        members: &[0, 4, 7],
        dialect: Okta,
    },
    Team {
        display_name: "storage-operators",
        members: &[11, 15, 19, 22],
        dialect: Entra,
    },
    Team {
        display_name: "network",
        members: &[2, 5, 9, 12, 16, 20],
        dialect: Okta,
    },
    Team {
        display_name: "platform",
        members: &[3, 6, 10, 14, 17, 21],
        dialect: Entra,
    },
];
