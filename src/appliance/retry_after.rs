//! `Retry-After`, RFC 9110 §10.2.3.

use std::time::{Duration, SystemTime};

use crate::vendor::Answer;

/// No appliance gets a longer pause out of one answer; also keeps arithmetic with it safe.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long the answer asks us to wait: whole seconds or an HTTP date, at most a day.
///
/// A date is compared with the answer's own `Date`, so that an appliance whose clock is wrong still
/// means what it says; without one it is compared with `now`. A date in the past is no wait.
pub(super) fn retry_after(answer: &Answer, now: SystemTime) -> Option<Duration> {
    let value = answer.header("retry-after")?.trim();
    let wait = match whole_seconds(value) {
        Some(wait) => wait,
        None => {
            let moment = httpdate::parse_http_date(value).ok()?;
            let said_at = answer
                .header("date")
                .and_then(|date| httpdate::parse_http_date(date).ok())
                .unwrap_or(now);
            moment.duration_since(said_at).unwrap_or(Duration::ZERO)
        }
    };
    Some(wait.min(LONGEST))
}

/// Digits only; a number beyond 64 bits is simply very long.
fn whole_seconds(value: &str) -> Option<Duration> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, retry_after};
    use crate::vendor::Answer;
    use std::time::{Duration, SystemTime};

    fn answer(headers: &[(&str, &str)]) -> Answer {
        Answer {
            status: 429,
            code: None,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: None,
            unreadable: false,
            size: 0,
        }
    }

    /// 1994-11-06 08:49:37 UTC, the moment of RFC 9110's examples.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
    }

    #[test]
    fn whole_seconds_are_taken_as_they_are() {
        let wait = retry_after(&answer(&[("retry-after", " 17 ")]), now());
        assert_eq!(wait, Some(Duration::from_secs(17)));
    }

    #[test]
    fn all_three_forms_of_a_date_count_from_now() {
        for date in [
            "Sun, 06 Nov 1994 08:50:37 GMT",
            "Sunday, 06-Nov-94 08:50:37 GMT",
            "Sun Nov  6 08:50:37 1994",
        ] {
            let wait = retry_after(&answer(&[("retry-after", date)]), now());
            assert_eq!(wait, Some(Duration::from_secs(60)), "{date}");
        }
    }

    #[test]
    fn a_date_is_read_by_the_clock_of_the_appliance() {
        let headers = [
            ("date", "Tue, 01 Jan 2030 00:00:00 GMT"),
            ("retry-after", "Tue, 01 Jan 2030 00:00:30 GMT"),
        ];
        let wait = retry_after(&answer(&headers), now());
        assert_eq!(wait, Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_past_date_is_no_wait_and_absurd_waits_are_a_day() {
        let past = answer(&[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")]);
        assert_eq!(retry_after(&past, now()), Some(Duration::ZERO));
        let absurd = answer(&[("retry-after", "99999999999999999999999999")]);
        assert_eq!(retry_after(&absurd, now()), Some(LONGEST));
    }

    #[test]
    fn anything_else_is_ignored() {
        for value in ["", "soon", "-5", "1.5"] {
            assert_eq!(retry_after(&answer(&[("retry-after", value)]), now()), None);
        }
        assert_eq!(retry_after(&answer(&[]), now()), None);
    }
}
