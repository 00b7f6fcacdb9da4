# Article 002: an image from a Dockerfile, layer by layer.
set -u
mkdir -p ~/article002 && cd ~/article002
echo '<h1>hello</h1>' > index.html
cat > Dockerfile <<'DOCKERFILE'
FROM ubuntu:latest
MAINTAINER John Doe <john.doe@example.com>
RUN apt-get update && apt-get install -y curl
COPY index.html /var/www/html/
EXPOSE 80
CMD ["/usr/bin/httpd", "-f", "/var/www/html/index.html"]
DOCKERFILE
docker build -t my-image . || exit 10
docker build -t my-image . 2>&1 | grep -q CACHED || exit 11
docker history my-image
[ "$(docker run --rm my-image cat /var/www/html/index.html)" = '<h1>hello</h1>' ] || exit 12
docker run --rm my-image curl --version | head -1 | grep -q '^curl ' || exit 13

# As in life: ubuntu has no /usr/bin/httpd.
docker run -p 80:80 my-image 2> httpd.err
[ $? = 127 ] || exit 14
grep -q 'exec: "/usr/bin/httpd": stat /usr/bin/httpd: no such file or directory' httpd.err || { cat httpd.err; exit 15; }
docker images
docker ps
docker run --name my-container my-image true
docker rmi my-image 2> /dev/null && exit 16
docker rm my-container || exit 17
docker rm $(docker ps -aq)
docker rmi my-image || exit 18
