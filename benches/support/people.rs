//! The users of the benchmarks, and the token that opens their directory.

/// The bridge's token for the benchmarks.
pub const TOKEN: &str = "benchmark-only";

/// The name of the benchmark's user of that number.
pub fn user_name(number: u64) -> String {
    format!("user{number:08}@corp.example")
}

/// The id of a user of that number who was there from the start.
pub fn user_id(number: u64) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

/// A user as Entra ID sends one, about 800 bytes.
pub fn document(number: u64) -> String {
    let user_name = user_name(number);
    format!(
        r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"00000000-0000-4000-8000-{number:012}","userName":"{user_name}","active":true,"displayName":"User Number {number}","title":"Engineer","preferredLanguage":"en-US","emails":[{{"primary":true,"type":"work","value":"{user_name}"}}],"phoneNumbers":[{{"type":"mobile","value":"+46 70 {number:09}"}}],"addresses":[{{"type":"work","streetAddress":"Storgatan 12","locality":"Umeå","region":"AC","postalCode":"903 30","country":"SE"}}],"name":{{"formatted":"User Number {number}","familyName":"Number{number}","givenName":"User"}},"meta":{{"resourceType":"User"}},"roles":[],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{{"department":"Grid","employeeNumber":"{number}","costCenter":"4711"}}}}"#
    )
}
