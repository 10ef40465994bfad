//! Dates and times of a contract, in the form of ISO 8601 that Python's `fromisoformat` reads.

/// Days of the common year before each month.
const DAYS_BEFORE: [i128; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// The day that `2024-01-31` names, counted so that later days are greater.
pub(super) fn day(text: &str) -> Option<i128> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (year, month, day) = (number(year)?, two(month)?, two(day)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + i128::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year == 0 || !(1..=days_in_month).contains(&day) {
        return None;
    }
    let before = DAYS_BEFORE.get(usize::try_from(month - 1).ok()?)?;
    let years = year - 1;
    let leaps = years / 4 - years / 100 + years / 400;
    Some(years * 365 + leaps + before + i128::from(leap && month > 2) + day)
}

/// What a text is as a point in time.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Instant {
    /// Microseconds, counted so that later ones are greater.
    At(i128),
    /// A time that would be read differently from place to place.
    WithoutZone,
}

/// The instant that `2024-01-31T12:00:00Z` names; seconds and their fraction may be absent.
pub(super) fn instant(text: &str) -> Option<Instant> {
    let (date, clock) = text.split_at_checked(10)?;
    let clock = clock.strip_prefix(['T', ' '])?;
    let zone_at = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at_checked(zone_at)?;
    let micros = (day(date)? * 86_400) * 1_000_000 + micros_of_day(clock)?;
    match zone {
        "" => Some(Instant::WithoutZone),
        "Z" => Some(Instant::At(micros)),
        offset => Some(Instant::At(micros - offset_seconds(offset)? * 1_000_000)),
    }
}

/// `12:30`, `12:30:59` or `12:30:59.123456`.
fn micros_of_day(clock: &str) -> Option<i128> {
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
    let second = parts.next().map(two);
    let whole = match second {
        Some(second) => second?,
        None if fraction.is_some() => return None,
        None => 0,
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || whole > 59 {
        return None;
    }
    let micros = match fraction {
        Some(digits) if digits.len() <= 6 => {
            number(digits)? * 10_i128.pow(6 - u32::try_from(digits.len()).ok()?)
        }
        Some(_) => return None,
        None => 0,
    };
    Some(((hour * 60 + minute) * 60 + whole) * 1_000_000 + micros)
}

/// `+02:00`.
fn offset_seconds(offset: &str) -> Option<i128> {
    let (sign, rest) = match offset.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, offset.strip_prefix('-')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes) * 60)
}

fn two(text: &str) -> Option<i128> {
    (text.len() == 2).then(|| number(text)).flatten()
}

fn number(text: &str) -> Option<i128> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(day("0001-01-01"), Some(1));
        // The ordinal that Python gives.
        assert_eq!(day("2024-02-29"), Some(738_945));
        assert_eq!(day("2024-03-01"), Some(738_946));
        assert_eq!(day("1900-12-31"), Some(693_960));
        for bad in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "24-01-01",
            "2024-1-1",
            "2024-01-01-",
            "0000-01-01",
            "2024-01-+1",
            "٢٠٢٤-01-01",
            "",
        ] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn instants_compare_across_zones() {
        let at = |text| instant(text);
        assert_eq!(at("2024-01-01T12:00:00+02:00"), at("2024-01-01T10:00:00Z"));
        assert_eq!(at("2024-01-01T00:00-00:30"), at("2024-01-01 00:30:00.000Z"));
        assert_eq!(at("2024-01-01T12:00:00"), Some(Instant::WithoutZone));
        for bad in [
            "2024-01-01",
            "2024-01-01T24:00Z",
            "2024-01-01T1:00Z",
            "2024-01-01T12:00:00.1234567Z",
            "2024-01-01T12:00+2",
            "2024-01-01T12:00+24:00",
            "2024-01-01T12:00:.5Z",
            "2024-01-01T12:00.5Z",
            "2024-01-01T12:00Zx",
            "２024-01-01T12:00Z",
        ] {
            assert_eq!(at(bad), None, "{bad}");
        }
    }
}
