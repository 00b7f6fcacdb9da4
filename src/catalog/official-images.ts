/** Names of Docker Hub's official images, as of July 2025: what is not here as well is not simulated, and says so. */
export const officialImages: ReadonlySet<string> = new Set(
  `adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux
  backdrop bash bonita buildpack-deps busybox caddy cassandra chronograf cirros clearlinux clefos clickhouse clojure
  composer convertigo couchbase couchdb crate dart debian docker drupal eclipse-mosquitto eclipse-temurin eggdrop
  elasticsearch elixir emqx erlang express-gateway fedora flink fluentd friendica gazebo gcc geonetwork ghost golang gradle
  groovy haproxy haskell haxe hello-world hitch httpd hylang ibmjava influxdb irssi jenkins jetty joomla jruby julia
  kapacitor kibana kong krakend liquibase logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express
  monica mono mysql nats nats-streaming neo4j neurodebian nextcloud nginx node notary odoo open-liberty openjdk oraclelinux
  orientdb percona perl photon php phpmyadmin plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis
  redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine silverpeas solr sonarqube spark spiped storm
  swift swipl teamspeak telegraf thrift tomcat tomee traefik ubuntu unit varnish vault websphere-liberty wordpress xwiki
  yourls znc zookeeper`.split(/\s+/),
);
