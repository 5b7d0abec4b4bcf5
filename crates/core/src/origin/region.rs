//! The region of an endpoint, from its host name ("AWS service endpoints" in the AWS General Reference).

/// The region that a host name of AWS says: `eu-central-1` for `bucket.s3.eu-central-1.amazonaws.com`. Amazon S3's old names
/// without one are in `us-east-1`.
pub(super) fn of_host(host: &str) -> Option<&str> {
    let suffixes = [".amazonaws.com", ".amazonaws.com.cn", ".on.aws", ".api.aws", ".api.amazonwebservices.com.cn"];
    let name = suffixes.iter().find_map(|suffix| host.strip_suffix(suffix))?;
    let last = name.rsplit('.').next()?;
    if is_region(last) {
        return Some(last);
    }
    // `bucket.s3.amazonaws.com`, and with a dash before the region: "Legacy endpoints" in the Amazon S3 User Guide.
    match last.strip_prefix("s3")? {
        "" | "-external-1" => Some("us-east-1"),
        dashed => dashed.strip_prefix('-').filter(|region| is_region(region)),
    }
}

/// `eu-central-1`, `us-gov-west-1`: letters in two groups or more, then a number.
fn is_region(label: &str) -> bool {
    let Some((area, number)) = label.rsplit_once('-') else { return false };
    let lettered = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_lowercase());
    matches!(number.len(), 1..=2)
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && area.contains('-')
        && area.split('-').all(lettered)
        && area.split('-').next().is_some_and(|first| (2..=4).contains(&first.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_name_their_region() {
        for (host, region) in [
            ("s3.eu-central-1.amazonaws.com", "eu-central-1"),
            ("bucket.s3.eu-central-1.amazonaws.com", "eu-central-1"),
            ("my.bucket-1.s3.ap-southeast-2.amazonaws.com", "ap-southeast-2"),
            ("bucket.s3.dualstack.us-west-2.amazonaws.com", "us-west-2"),
            ("bucket.s3.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("bucket.s3.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
            ("bucket.s3.amazonaws.com", "us-east-1"),
            ("s3.amazonaws.com", "us-east-1"),
            ("bucket.s3-eu-west-1.amazonaws.com", "eu-west-1"),
            ("s3-external-1.amazonaws.com", "us-east-1"),
            ("runtime-medical-imaging.us-east-1.amazonaws.com", "us-east-1"),
            ("dicom-medical-imaging.eu-west-1.amazonaws.com", "eu-west-1"),
            ("abc123.lambda-url.eu-north-1.on.aws", "eu-north-1"),
            ("abc123.execute-api.us-east-2.amazonaws.com", "us-east-2"),
            ("bucket.s3express-euw1-az1.eu-west-1.amazonaws.com", "eu-west-1"),
        ] {
            assert_eq!(of_host(host), Some(region), "{host}");
        }
    }

    #[test]
    fn other_hosts_name_none() {
        for host in [
            "",
            "example.com",
            "eu-west-1.example.com",
            "iam.amazonaws.com",
            "bucket.s3-website.amazonaws.com",
            "eu-west-1.amazonaws.com.evil.example",
            "bucket.s3-accelerate.amazonaws.com",
            "1.amazonaws.com",
        ] {
            assert_eq!(of_host(host), None, "{host}");
        }
    }
}
